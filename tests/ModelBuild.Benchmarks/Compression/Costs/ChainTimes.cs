using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Benchmarks.Compression.Costs;

/// <summary>
/// Measures steps of chains. Calls of a model with one step, a model with many steps and a float matrix product alternate. The matrix product is the unit of
/// all figures, so that figures of different chains are proportional although the speed of the machine varies.
/// </summary>
internal sealed class ChainTimes
{
    private const double Seconds = 1.5;

    private static readonly OperatorChain Clock = new([64, 256], (net, x, y, _) => net.Weight("w", 256, 256).Node("MatMul", $"{x} w", y));

    private readonly List<double> _clock = [];

    /// <summary>Measures a chain.</summary>
    /// <returns>The time of one step in calls of the clock.</returns>
    public double Measure(OperatorChain chain)
    {
        var many = chain.Build(chain.Steps + 1);
        if (chain.Becomes is { } expected && new Graph(OptimizedGraph.Of(many)).Nodes.Count(node => node.OpType == expected) <= chain.Steps)
            throw new InvalidOperationException($"ONNX Runtime does not make {expected} of the steps of a chain.");
        using var clock = Open(Clock.Build(1), isOptimized: true);
        using var one = Open(chain.Build(1), chain.IsOptimized);
        using var all = Open(many, chain.IsOptimized);
        var measured = Speed.OnOneProcessor(() =>
            Interleaved.Measure([("clock", Call(clock, Clock)), ("one", Call(one, chain)), ("all", Call(all, chain))], Seconds)
        );
        _clock.Add(measured[0].Nanoseconds);
        return (measured[2].Ratio - measured[1].Ratio) / chain.Steps;
    }

    /// <summary>The picoseconds of a call of the clock: the median over all chains.</summary>
    public double Picoseconds => 1000 * _clock.Order().ElementAt(_clock.Count / 2);

    private static Action Call(ModelRunner runner, OperatorChain chain)
    {
        var elements = SampleArray.Count(chain.Shape);
        // Elements that are 1 stay far from the slow denormal numbers in chains of products.
        byte[] data =
            chain.Type == DataType.Float
                ? [.. Enumerable.Repeat(BitConverter.GetBytes(1f), (int)elements).SelectMany(bytes => bytes)]
                : Enumerable.Repeat((byte)1, (int)elements).ToArray();
        var sample = new Sample(new Dictionary<string, SampleArray> { ["x"] = new(chain.Type, chain.Shape, data) }, null);
        return () => runner.Run(sample, runner.Outputs, CancellationToken.None).Dispose();
    }

    private static ModelRunner Open(OnnxModel model, bool isOptimized)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            GraphOptimizationLevel = isOptimized ? GraphOptimizationLevel.ORT_ENABLE_ALL : GraphOptimizationLevel.ORT_DISABLE_ALL,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return new ModelRunner(new InferenceSession(model.ToBytes(), options));
    }
}
