using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Fusion;

/// <summary>
/// Folds y = s · layer(x) + t, with one s and t for each output channel, into the layer: W' = s · W and b' = s · b + t. The arithmetic is done in float64 and
/// rounded once. Other readers of the weights keep the old weights.
/// </summary>
internal abstract class AffineFusion(string effect, params string[] operators) : Pattern<AffineMatch>(effect, operators)
{
    protected sealed override void Rewrite(Site site, AffineMatch match)
    {
        var (layer, view, scale, shift) = match;
        var (weightInput, biasInput) = (layer.Operator.WeightInput, layer.Operator.BiasInput ?? 2);
        var scope = site.Scope;
        var result = site.Node.Output[0];
        var fused = layer.Node.Clone();
        if (scale is not null)
            fused.Input[weightInput] = site.Add(Scaled(layer, scale));
        if (shift is not null || layer.Node.InputAt(biasInput).Length > 0)
        {
            var bias = layer.Bias.Select((value, c) => (float)(value * (scale?[c] ?? 1) + (shift?[c] ?? 0))).ToArray();
            while (fused.Input.Count <= biasInput)
                fused.Input.Add("");
            fused.Input[biasInput] = site.Add(Tensors.Create($"{result}_bias", [bias.Length], bias));
        }

        if (view is null)
            fused.Output[0] = result;
        else
        {
            var moved = view.Clone();
            moved.Output[0] = result;
            fused.Output[0] = moved.Input[0] = scope.FreshName($"{result}_layer");
            scope.Replace(view, moved);
        }

        scope.Remove(site.Node);
        scope.Replace(layer.Node, fused);
    }

    private static TensorProto Scaled(LinearLayer layer, double[] scale)
    {
        var weight = layer.Weight;
        // The weights of a ConvTranspose with groups are scaled group by group: group g has the scales from g · perGroup on. The weights of all other layers
        // are one group.
        var groups = layer.Operator.Kind == WeightedKind.TransposedConvolution ? layer.Operator.Groups(layer.Node) : 1;
        var perGroup = scale.Length / groups;
        var inner = weight.Dims.Skip(layer.WeightAxis + 1).Aggregate(1L, (a, b) => a * b);
        var outer = weight.Dims.Take(layer.WeightAxis).Aggregate(1L, (a, b) => a * b);
        var values = weight.ToFloats();
        for (var o = 0L; o < outer; o++)
        for (var c = 0; c < perGroup; c++)
        {
            var factor = scale[(int)(o * groups / outer) * perGroup + c];
            var start = (o * perGroup + c) * inner;
            for (var i = start; i < start + inner; i++)
                values[i] = (float)(values[i] * factor);
        }

        return Tensors.Create<float>(weight.Name.Length > 0 ? weight.Name : layer.Node.Input[layer.Operator.WeightInput], [.. weight.Dims], values);
    }
}
