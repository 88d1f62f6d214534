using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Compilers.Rewrites;

/// <summary>Computes the DequantizeLinear of constant codes of 32 bits, which are biases, for compilers whose quantized layers have biases in floats.</summary>
internal sealed class FloatBiases : IGraphRewrite
{
    public string Effect => "biases of 32 bits written as floats";

    public int Apply(Graph main, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var scope in main.SelfAndSubgraphs())
        {
            NodeProto[] nodes = [.. scope.Nodes.Where(node => IsBias(scope, node))];
            string[] values = [.. nodes.Select(node => node.Output[0])];
            if (nodes.Length == 0 || ConstantEvaluator.TryEvaluate(scope, nodes, values, cancellationToken) is not { } results)
                continue;
            foreach (var node in nodes)
            {
                scope.Remove(node);
                scope.AddInitializer(results[node.Output[0]].WithName(node.Output[0]));
                count++;
            }
        }

        return count;
    }

    private static bool IsBias(Graph scope, NodeProto node) =>
        node.Is("DequantizeLinear")
        && scope.TryGetConstant(node.Input[0], out var codes)
        && codes.DataType == (int)DataType.Int32
        && node.Input.Skip(1).All(value => value.Length == 0 || scope.IsConstant(value))
        && !scope.IsOutputAnywhere(node.Output[0]);
}
