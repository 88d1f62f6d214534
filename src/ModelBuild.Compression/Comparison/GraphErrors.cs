using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Comparison;

/// <summary>
/// Measures the error at each float value that two model files compute by the same name. The values become outputs of a copy of each model in memory. A
/// quantized model then computes them in float with rounded weights and activations.
/// </summary>
internal static class GraphErrors
{
    // The memory of a run grows with the number of values that are read.
    private const int ValuesPerRun = 32;

    /// <summary>Returns the errors in the order of the first model's nodes; empty if the models share no value, or one cannot run in this way.</summary>
    /// <param name="first">The first model.</param>
    /// <param name="second">The other model.</param>
    /// <param name="samples">The calls.</param>
    /// <param name="cancellationToken">Cancels a running call, too.</param>
    public static IReadOnlyList<ValueError> Measure(OnnxModel first, OnnxModel second, IReadOnlyList<Sample> samples, CancellationToken cancellationToken)
    {
        var shapes = samples[0].Shapes();
        var others = Floats(second, shapes);
        string[] shared = [.. Floats(first, shapes).Where(others.Contains)];
        if (shared.Length == 0)
            return [];
        var sums = shared.ToDictionary(value => value, _ => new ChannelSums(), StringComparer.Ordinal);
        try
        {
            using var before = Open(first, shared, cancellationToken);
            using var after = Open(second, shared, cancellationToken);
            foreach (var sample in samples)
            foreach (var values in shared.Chunk(ValuesPerRun))
            foreach (var (value, pair) in values.Zip(Read(before, sample, values, cancellationToken).Zip(Read(after, sample, values, cancellationToken))))
                sums[value].Add(pair.First, pair.Second);
        }
        catch (OnnxRuntimeException)
        {
            // A model does not run with these values as outputs, so that only its outputs are compared.
            return [];
        }

        return Describe(new Graph(first), shared, sums);
    }

    private static HashSet<string> Floats(OnnxModel model, Dictionary<string, long[]> shapes)
    {
        var graph = new Graph(model);
        return
        [
            .. ShapeInference
                .DescribeOutputs(model, shapes)
                .Where(value => value.Value.Type is DataType.Float or DataType.Float16 && !graph.IsConstant(value.Key))
                .Select(value => value.Key),
        ];
    }

    private static ModelRunner Open(OnnxModel model, string[] values, CancellationToken cancellationToken) =>
        new(Sessions.OpenPortable(ObservedModel.Of(model, values, cancellationToken)));

    private static OutputValues[] Read(ModelRunner runner, Sample sample, string[] values, CancellationToken cancellationToken) =>
        runner.Run<OutputValues[]>(sample, values, results => [.. results.Select(OutputReader.Read)], cancellationToken);

    private static List<ValueError> Describe(Graph graph, string[] shared, Dictionary<string, ChannelSums> sums)
    {
        var measured = new Dictionary<string, (double SqnrDb, bool IsRescaled)>(StringComparer.Ordinal);
        foreach (var value in shared)
            if (sums[value].Result() is { } result)
                measured[value] = result;
        return
        [
            .. graph
                .Nodes.SelectMany(node => node.Output.Where(measured.ContainsKey).Select(value => (Node: node, Value: value)))
                .Select(step => new ValueError(
                    step.Value,
                    NodeLabel.Of(step.Node),
                    measured[step.Value].SqnrDb,
                    Before(step.Node),
                    measured[step.Value].IsRescaled
                )),
        ];

        double Before(NodeProto node)
        {
            var (worst, seen, open) = (OutputFidelity.IdenticalDb, new HashSet<string>(StringComparer.Ordinal), new Stack<string>(node.Input));
            while (open.TryPop(out var value))
                if (measured.TryGetValue(value, out var result))
                    worst = Math.Min(worst, result.SqnrDb);
                else if (seen.Add(value) && graph.Producer(value) is { } producer && graph.Contains(producer))
                    foreach (var input in producer.Input)
                        open.Push(input);
            return worst;
        }
    }
}
