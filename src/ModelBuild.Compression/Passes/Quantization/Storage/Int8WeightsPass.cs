using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Reports;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Storage;

/// <summary>
/// The step <c>int8-weights</c>: stores weights as <c>Mul(Cast(int8), scale)</c>, symmetric (<see cref="SymmetricInt8"/>), with one scale for each channel.
/// <c>DequantizeLinear</c> is not used, because ONNX Runtime does not fold it when it loads the model, and each call would compute it.
/// </summary>
internal sealed class Int8WeightsPass(Int8WeightsOptions options) : WeightStoragePass("int8", NodeForm.StoredInt8, options.Exclude)
{
    protected override (long Bytes, int Nodes) Cost(WeightSite site)
    {
        var scales = site.ScaleShape(options.PerChannel).Aggregate(1L, (a, b) => a * b);
        return (site.Tensor.ElementCount() + scales * sizeof(float), Nodes: 4);
    }

    protected override Refusal? WhyNot(ReadOnlySpan<float> values) => Refusal.OfNotFinite(values);

    protected override void Store(PassContext context, Graph main, WeightSite site)
    {
        long[] shape = [.. site.Tensor.Dims];
        var scaleShape = site.ScaleShape(options.PerChannel);
        var (values, scales) = SymmetricInt8.Quantize(site.Tensor.Span<float>(), shape, scaleShape);
        var codes = Tensors.Create(site.Scope.FreshName($"{site.Name}_int8"), shape, values);
        var scale = Tensors.Create(site.Scope.FreshName($"{site.Name}_scale"), scaleShape, scales);
        if (ReferenceEquals(site.Scope, main))
            AddLayer(context, main, site, codes, scale);
        StoredWeights.Replace(site, codes, scale);
    }

    // Adds the stored weights of a layer for later steps that change codes. Weights with several readers are not added, because a change for one layer would
    // change the others.
    private static void AddLayer(PassContext context, Graph main, WeightSite site, TensorProto codes, TensorProto scale)
    {
        if (
            main.Consumers(site.Name) is not [{ Index: 1 } use]
            || !ReferenceEquals(use.Graph, main)
            || !StoredLayer.IsSolvable(use.Node, site.Tensor)
            || context.Layers.Source(use.Node.Output[0]) is not { } source
            || !source.Input.SequenceEqual(use.Node.Input)
        )
            return;
        var outputs = WeightLayout.Of(source, site.Tensor).Outputs;
        var hasBias = WeightedOperator.Of(source).BiasInput is not null;
        var bias = hasBias ? BiasValues(main, source, outputs) : null;
        if (bias is null && hasBias)
            return;
        var name = main.FreshName($"{site.Name}_bias");
        context.Layers.Add([
            () => new StoredLayer(source, site.Tensor, codes, scale, bias is null ? null : new LayerBias(main.Proto, use.Node, 2, name, bias)),
        ]);
    }

    private static float[]? BiasValues(Graph main, NodeProto node, int outputs)
    {
        if (node.InputAt(2).Length == 0)
            return new float[outputs];
        return main.TryGetConstant(node.Input[2], out var bias) && bias.DataType == (int)TensorProto.Types.DataType.Float && bias.ElementCount() == outputs
            ? bias.ToFloats()
            : null;
    }
}
