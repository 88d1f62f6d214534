using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Optimizers;
using ModelBuild.Compression.Training.Settings;

namespace ModelBuild.Compression.Tests.Training.Optimizers;

public sealed class OptimizerTests
{
    private const int Steps = 50;
    private const double Rate = 0.01;

    private static readonly Dictionary<string, (Func<IOptimizer> Create, Func<Reference> Reference)> Cases = new(StringComparer.Ordinal)
    {
        ["sgd"] = (() => new Sgd { Momentum = 0, IsNesterov = false }, () => new Momentum(0, false, 0)),
        ["momentum"] = (() => new Sgd { IsNesterov = false, Decay = 0.1f }, () => new Momentum(0.9, false, 0.1)),
        ["nesterov"] = (() => OptimizerCatalog.Create(OptimizerKind.Sgd, 0.1), () => new Momentum(0.9, true, 0.1)),
        ["adam"] = (() => OptimizerCatalog.Create(OptimizerKind.Adam, 0), () => new Moments(0, false)),
        ["adam with decay"] = (() => OptimizerCatalog.Create(OptimizerKind.Adam, 0.1), () => new Moments(0.1, false)),
        ["adamw"] = (() => OptimizerCatalog.Create(OptimizerKind.Adamw, 0.1), () => new Moments(0.1, true)),
        ["rmsprop"] = (() => OptimizerCatalog.Create(OptimizerKind.Rmsprop, 0.1), () => new Root(0.1)),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Values_follow_the_formula_in_double_precision(string name)
    {
        var (optimizer, parameters) = (Cases[name].Create(), Trained.Parameters());
        var references = parameters
            .Select(parameter => parameter.Values.Select(value => (Value: (double)value, By: Cases[name].Reference())).ToArray())
            .ToArray();

        for (var step = 1; step <= Steps; step++)
        {
            Trained.SetGradients(parameters, step);
            optimizer.Step(parameters, (float)Rate);
            foreach (var (parameter, reference) in parameters.Zip(references))
                for (var i = 0; i < reference.Length; i++)
                    reference[i].Value = reference[i].By.Next(reference[i].Value, parameter.Gradient[i], step, parameter.IsDecayed);
        }

        foreach (var (parameter, reference) in parameters.Zip(references))
            Assert.All(parameter.Values.Zip(reference), pair => Assert.Equal(pair.Second.Value, pair.First, 2e-5));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_restored_state_goes_on_with_the_same_bits(string name)
    {
        var (optimizer, parameters) = (Cases[name].Create(), Trained.Parameters());
        Run(optimizer, parameters, 1, 25);
        var saved = optimizer.State.ToDictionary(array => array.Key, array => array.Value.ToArray());
        var copies = parameters.Select(parameter => new Parameter(parameter.Name, parameter.Shape, parameter.Values)).ToArray();
        Run(optimizer, parameters, 26, Steps);

        var restored = Cases[name].Create();
        restored.Restore(saved);
        Run(restored, copies, 26, Steps);

        Assert.All(parameters.Zip(copies), pair => Assert.Equal(pair.First.Values, pair.Second.Values));
        Assert.Equal(optimizer.State.Keys.Order(), restored.State.Keys.Order());
        Assert.All(optimizer.State, array => Assert.Equal(array.Value, restored.State[array.Key]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Parameters_in_separate_calls_change_as_in_one(string name)
    {
        var (together, apart) = (Trained.Parameters(), Trained.Parameters());
        var (first, second) = (Cases[name].Create(), Cases[name].Create());
        Run(first, together, 1, Steps);
        for (var step = 1; step <= Steps; step++)
        {
            Trained.SetGradients(apart, step);
            second.Step(apart[..2], (float)Rate);
            second.Step(apart[2..], (float)Rate);
        }

        Assert.All(together.Zip(apart), pair => Assert.Equal(pair.First.Values, pair.Second.Values));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_step_allocates_nothing_after_the_first(string name)
    {
        var (optimizer, parameters) = (Cases[name].Create(), Trained.Parameters());
        Run(optimizer, parameters, 1, 2);

        var before = GC.GetAllocatedBytesForCurrentThread();
        optimizer.Step(parameters, (float)Rate);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void The_state_of_another_optimizer_is_refused()
    {
        var (adam, parameters) = (new Adam(), Trained.Parameters());
        Run(adam, parameters, 1, 1);

        Assert.Contains("velocity", Assert.Throws<InvalidDataException>(() => new Sgd().Restore(adam.State)).Message);
    }

    [Fact]
    public void The_state_of_a_parameter_of_another_size_is_refused()
    {
        var sgd = new Sgd();
        Run(sgd, [new Parameter("w", [3], new float[3])], 1, 1);

        Assert.Contains("velocity/w", Assert.Throws<InvalidDataException>(() => sgd.Step([new Parameter("w", [4], new float[4])], 1)).Message);
    }

    private static void Run(IOptimizer optimizer, Parameter[] parameters, int first, int last)
    {
        for (var step = first; step <= last; step++)
        {
            Trained.SetGradients(parameters, step);
            optimizer.Step(parameters, (float)Rate);
        }
    }

    private abstract class Reference(double decay)
    {
        public double Next(double value, double gradient, int step, bool isDecayed) => Next(value, gradient, step, isDecayed ? decay : 0);

        protected abstract double Next(double value, double gradient, int step, double decay);
    }

    private sealed class Momentum(double momentum, bool isNesterov, double decay) : Reference(decay)
    {
        private double _velocity;

        protected override double Next(double value, double gradient, int step, double decay)
        {
            var slope = gradient + decay * value;
            _velocity = momentum * _velocity + slope;
            return value - Rate * (isNesterov ? slope + momentum * _velocity : _velocity);
        }
    }

    private sealed class Moments(double decay, bool isDecoupled) : Reference(decay)
    {
        private double _mean;
        private double _square;

        protected override double Next(double value, double gradient, int step, double decay)
        {
            var slope = gradient + (isDecoupled ? 0 : decay * value);
            _mean = 0.9 * _mean + 0.1 * slope;
            _square = 0.999 * _square + 0.001 * slope * slope;
            var kept = isDecoupled ? value - Rate * decay * value : value;
            return kept - Rate * (_mean / (1 - Math.Pow(0.9, step))) / (Math.Sqrt(_square / (1 - Math.Pow(0.999, step))) + 1e-8);
        }
    }

    private sealed class Root(double decay) : Reference(decay)
    {
        private double _square;

        protected override double Next(double value, double gradient, int step, double decay)
        {
            var slope = gradient + decay * value;
            _square = 0.9 * _square + 0.1 * slope * slope;
            return value - Rate * slope / (Math.Sqrt(_square) + 1e-8);
        }
    }
}
