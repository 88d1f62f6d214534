using ModelBuild.Compression.Compilers.Checks;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Compilers.Rewrites;

/// <summary>Gives each LayerNormalization without a bias a bias of zeros, which has the type and shape of the scale.</summary>
internal sealed class LayerBiases : IGraphRewrite
{
    private const int Bias = 2;

    public string Effect => "normalizations with a bias of zeros";

    public int Apply(Graph main, CancellationToken cancellationToken)
    {
        var values = new Lazy<GraphValues>(() => new GraphValues(main));
        var count = 0;
        foreach (var scope in main.SelfAndSubgraphs())
        foreach (var node in scope.Nodes.Where(node => node.Is("LayerNormalization") && node.InputAt(Bias).Length == 0).ToArray())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (values.Value.Of(scope, node.Input[1]) is not { IsRankKnown: true, Elements: { } elements } scale)
                continue;
            var bias = scope.FreshName($"{node.Input[1]}_zeros");
            scope.AddInitializer(Tensors.Create(bias, scale.Type, scale.Shape, new byte[elements * Tensors.BitsPerElement(scale.Type) / 8]));
            var added = node.Clone();
            while (added.Input.Count <= Bias)
                added.Input.Add("");
            added.Input[Bias] = bias;
            scope.Replace(node, added);
            count++;
        }

        return count;
    }
}
