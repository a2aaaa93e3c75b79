import { describe, expect, it } from 'vitest';
import { GIB, MIB, TICKS_PER_CORE } from '../../../src/base/units.ts';
import { readEcsFiles } from '../../../src/workload/ecs/ecs-files.ts';

const file = (text: string, name = 'web.json') => ({ file: name, text });
const read = (value: unknown) => readEcsFiles([file(JSON.stringify(value))]);
const definitionOf = (value: unknown) => read(value).workloads[0]!.definition;

const container = (parts: object = {}) => ({ name: 'web', image: 'web:1', memory: 512, ...parts });

describe('a task definition', () => {
  it('pitfall 14.12, worked value 10.2.8: takes what a container reserves, not what it may use', () => {
    const containerDefinitions = [container({ memory: 1024, memoryReservation: 512, cpu: 256 })];
    const { spec } = definitionOf({ family: 'web', containerDefinitions });
    // 256 units are a quarter of a core.
    expect([spec.cpuTicks, spec.memoryBytes]).toEqual([TICKS_PER_CORE / 4, 512 * MIB]);
  });

  it('takes what the whole task states before what its containers do', () => {
    const containerDefinitions = [container(), container({ name: 'log' })];
    const whole = { family: 'web', cpu: '.5 vCPU', memory: '1GB', containerDefinitions };
    const { spec } = definitionOf(whole);
    expect([spec.cpuTicks, spec.memoryBytes]).toEqual([TICKS_PER_CORE / 2, GIB]);
    const { spec: summed } = definitionOf({ family: 'web', containerDefinitions });
    // 512 + 512 MiB.
    expect(summed.memoryBytes).toBe(1024 * MIB);
  });

  it('says in words what Fargate and External cannot run', () => {
    const { obstacles } = definitionOf({
      family: 'web',
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: 256,
      memory: 3072,
      containerDefinitions: [container({ privileged: true, links: ['db'] })],
    });
    expect(obstacles.fargate).toEqual([
      'no size with 0.25 vCPU and 3072 MiB',
      'a privileged container',
      'links between containers',
    ]);
    expect(obstacles.external).toEqual(['network mode awsvpc']);
    expect(obstacles.ec2).toEqual([]);
  });

  it('is read as the CLI prints it too', () => {
    const taskDefinition = { family: 'web', revision: 3, containerDefinitions: [container()] };
    expect(definitionOf({ taskDefinition }).family).toBe('web');
  });

  it('is refused with its place where an amount is none', () => {
    const text =
      '{ "family": "web", "containerDefinitions": [\n  { "name": "a", "memory": "lots" }\n] }';
    expect(() => readEcsFiles([file(text)])).toThrow(
      'web.json:2:28: containerDefinitions[0].memory: expected MiB such as 512, or GB such as "1GB"; found "lots"',
    );
  });
});

describe('a service', () => {
  const containerDefinitions = [container()];

  it('finds its task definition by family and says how it deploys', () => {
    const service = {
      serviceName: 'shop',
      taskDefinition: 'arn:aws:ecs:us-east-1:1:task-definition/web:7',
      desiredCount: 4,
      deploymentConfiguration: {
        minimumHealthyPercent: 50,
        maximumPercent: 150,
        deploymentCircuitBreaker: { enable: true, rollback: true },
      },
      placementStrategy: [
        { type: 'spread', field: 'attribute:ecs.availability-zone' },
        { type: 'binpack', field: 'memory' },
      ],
      placementConstraints: [{ type: 'memberOf', expression: 'attribute:stack == prod' }],
    };
    const files = [
      file(JSON.stringify({ family: 'web', containerDefinitions })),
      file(JSON.stringify({ services: [service] }), 'service.json'),
    ];
    const [workload] = readEcsFiles(files).workloads;
    expect(workload!.definition.family).toBe('web');
    expect(workload!.service).toMatchObject({
      name: 'shop',
      desiredCount: 4,
      minimumHealthyPercent: 50,
      maximumPercent: 150,
      circuitBreaker: { rollback: true },
      strategies: ['spread[field=zone]', 'binpack[resource=memory]'],
      constraints: ['memberOf(attribute:stack == prod)'],
    });
  });

  it('without its task definition is refused', () => {
    expect(() => read({ serviceName: 'shop', taskDefinition: 'web:1' })).toThrow(
      'expected the task definition web in these files',
    );
  });
});

const TEMPLATE = `
Parameters:
  Count: { Type: Number, Default: 3 }
  Tag: { Type: String }
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties:
      ServiceName: !Sub 'shop-\${AWS::Region}'
      DesiredCount: !Ref Count
      TaskDefinition: !Ref Task
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: web
      Cpu: '256'
      Memory: '512'
      ContainerDefinitions:
        - Name: web
          Image: !Sub 'registry/web:\${Tag}'
  Target:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties:
      MinCapacity: 2
      MaxCapacity: 9
      ResourceId: !Join ['/', [service, main, !GetAtt Service.Name]]
  Policy:
    Type: AWS::ApplicationAutoScaling::ScalingPolicy
    Properties:
      TargetTrackingScalingPolicyConfiguration: { TargetValue: 60 }
  Logs: { Type: AWS::Logs::LogGroup }
`;

describe('a CloudFormation template', () => {
  const found = readEcsFiles([file(TEMPLATE, 'shop/service.yaml')]);

  it('has its functions resolved as far as the file knows the values', () => {
    const [{ service, definition }] = found.workloads as [(typeof found.workloads)[0]];
    expect(service).toMatchObject({ name: 'shop-us-east-1', desiredCount: 3 });
    expect(service!.scaling).toEqual({ min: 2, max: 9, targetPercent: 60 });
    expect(definition.spec.memoryBytes).toBe(512 * MIB);
    expect(found.skipped).toEqual([{ type: 'AWS::Logs::LogGroup', name: 'Logs' }]);
  });

  it('has what only a deployment knows left out, and said with its line', () => {
    expect(found.notes).toEqual([
      {
        file: 'shop/service.yaml',
        line: 20,
        message:
          'Resources.Task.Properties.ContainerDefinitions[0].Image: only a deployment knows this value; it is left out',
      },
    ]);
  });
});

it('step scaling policies of a template are read with the alarms that call them', () => {
  const { workloads, skipped } = readEcsFiles([
    file(
      `
Resources:
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { Family: web, ContainerDefinitions: [{ Name: web, Image: web, Memory: 128 }] } }
  Service: { Type: AWS::ECS::Service, Properties: { ServiceName: web, TaskDefinition: !Ref Task, DesiredCount: 2 } }
  Target: { Type: AWS::ApplicationAutoScaling::ScalableTarget, Properties: { MinCapacity: 2, MaxCapacity: 10 } }
  In:
    Type: AWS::ApplicationAutoScaling::ScalingPolicy
    Properties:
      PolicyType: StepScaling
      StepScalingPolicyConfiguration:
        AdjustmentType: PercentChangeInCapacity
        Cooldown: 600
        StepAdjustments: [{ MetricIntervalUpperBound: 0, ScalingAdjustment: -25 }]
  Low:
    Type: AWS::CloudWatch::Alarm
    Properties:
      MetricName: MemoryUtilization
      ComparisonOperator: LessThanOrEqualToThreshold
      Threshold: "40"
      Period: 300
      EvaluationPeriods: 2
      AlarmActions: [!Ref In]
  Other: { Type: AWS::CloudWatch::Alarm, Properties: { MetricName: Errors } }
`,
      'web.yaml',
    ),
  ]);
  expect(workloads[0]!.service!.scaling).toEqual({
    min: 2,
    max: 10,
    steps: [
      {
        threshold: { memory: '40%' },
        alarm: 'at-or-below',
        // 2 periods of 5 minutes
        datapoints: 10,
        evaluationPeriods: 10,
        adjustment: 'percent',
        steps: [{ to: 0, by: -25 }],
        least: undefined,
        cooldown: '600s',
      },
    ],
  });
  expect(skipped).toEqual([{ type: 'AWS::CloudWatch::Alarm', name: 'Other' }]);
});
