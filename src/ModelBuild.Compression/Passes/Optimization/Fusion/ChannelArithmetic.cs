using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Fusion;

/// <summary>
/// Folds a constant that is added to or multiplied with a layer's output, one number for all channels or one for each channel: into the bias of <c>Conv</c>,
/// <c>ConvTranspose</c> and <c>Gemm</c>, and into the weights of these and of <c>MatMul</c>. A Reshape may stand between a matrix product and the constant.
/// </summary>
internal sealed class ChannelArithmetic() : AffineFusion("constants folded into layers", "Add", "Sub", "Mul", "Div")
{
    protected override AffineMatch? Match(Site site)
    {
        var node = site.Node;
        if (node.Input.Count != 2 || site.Opset < 7)
            return null;
        return Match(site, node.Input[0], node.Input[1]) ?? (node.OpType is "Add" or "Mul" ? Match(site, node.Input[1], node.Input[0]) : null);
    }

    private static AffineMatch? Match(Site site, string value, string constant)
    {
        if (LinearLayer.Float(site, constant) is not { } tensor || site.Constant(value) is not null)
            return null;
        var view = Views(site, value);
        if (LinearLayer.Behind(site, view?.Input[0] ?? value) is not { } layer || (view is not null && layer.ChannelsFromEnd != 1))
            return null;
        var adds = site.Node.OpType is "Add" or "Sub";
        if ((adds && layer.Operator.BiasInput is null) || (!adds && !layer.CanScale(site)) || Numbers(site, value, layer, tensor) is not { } numbers)
            return null;
        double[] each = site.Node.OpType switch
        {
            "Sub" => [.. numbers.Select(number => -(double)number)],
            "Div" => [.. numbers.Select(number => 1 / (double)number)],
            _ => [.. numbers.Select(number => (double)number)],
        };
        if (!each.All(double.IsFinite))
            return null;
        return adds ? new AffineMatch(layer, view, null, each) : new AffineMatch(layer, view, each, null);
    }

    private static NodeProto? Views(Site site, string value)
    {
        if (
            site.SoleProducer(value, "Reshape", "Flatten") is not { } view
            || site.Shape(value) is not [.., var last]
            || site.Shape(view.Input[0]) is not [.., var before]
        )
            return null;
        return last >= 0 && last == before ? view : null;
    }

    // Returns the numbers of a constant if it has one for each channel or one for all. Counted from the end, its other sizes must be 1, and it must not have
    // more axes than the value.
    private static float[]? Numbers(Site site, string value, LinearLayer layer, TensorProto constant)
    {
        var sizes = constant.Dims;
        var known = layer.Operator switch
        {
            { IsConvolution: true } => layer.Weight.Dims.Count,
            { HasFactors: true } when site.Rank(value) is null => 2,
            _ => site.Rank(value) ?? 1,
        };
        var count = constant.ElementCount();
        if (
            sizes.Count > known
            || count != 1 && (count != layer.Channels || sizes.Count < layer.ChannelsFromEnd || sizes[sizes.Count - layer.ChannelsFromEnd] != count)
        )
            return null;
        var numbers = constant.ToFloats();
        return count == 1 ? [.. Enumerable.Repeat(numbers[0], layer.Channels)] : numbers;
    }
}
