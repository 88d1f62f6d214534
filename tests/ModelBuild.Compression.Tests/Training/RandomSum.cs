using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Graphs;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Training;

/// <summary>
/// The loss is the scalar Σ R·(outputs − start) over all float32 outputs. R and start are targets, and start contains the outputs before any change. Without
/// start, the rounding of a large sum would hide small differences.
/// </summary>
/// <param name="shapes">The shapes of the outputs for a batch.</param>
internal sealed class RandomSum(IReadOnlyDictionary<string, long[]> shapes) : ILoss
{
    private const string StartPrefix = "start of ";

    /// <summary>Returns the output whose start a target contains, or null for the target R.</summary>
    public static string? StartOf(Target target) => target.Name.StartsWith(StartPrefix, StringComparison.Ordinal) ? target.Name[StartPrefix.Length..] : null;

    public IReadOnlyList<LossTerm> Append(LossGraph graph)
    {
        string[] sums =
        [
            .. graph
                .Outputs.Where(shapes.ContainsKey)
                .Select(output =>
                {
                    var type = new InferredTensor(DataType.Float, shapes[output]);
                    var change = graph.Emit("Sub", [output, graph.AddTarget(StartPrefix + output, type, output: null)]);
                    return graph.Emit("ReduceSum", [graph.Emit("Mul", [change, graph.AddTarget($"random of {output}", type, output: null)])], ("keepdims", 0L));
                }),
        ];
        return [new LossTerm("sum", sums.Aggregate((sum, next) => graph.Emit("Add", [sum, next])), 1)];
    }
}
