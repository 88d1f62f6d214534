using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Training.Graphs;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Training;

/// <summary>The scalar Σ R·outputs over all float32 outputs. R are targets, one for each output.</summary>
/// <param name="shapes">The shapes of the outputs for a batch.</param>
internal sealed class RandomSum(IReadOnlyDictionary<string, long[]> shapes) : ILoss
{
    public IReadOnlyList<LossTerm> Append(LossGraph graph)
    {
        string[] sums =
        [
            .. graph
                .Outputs.Where(shapes.ContainsKey)
                .Select(output =>
                {
                    var target = graph.AddTarget($"random of {output}", new InferredTensor(DataType.Float, shapes[output]));
                    return graph.Emit("ReduceSum", [graph.Emit("Mul", [output, target])], ("keepdims", 0L));
                }),
        ];
        return [new LossTerm("sum", sums.Aggregate((sum, next) => graph.Emit("Add", [sum, next])), 1)];
    }
}
