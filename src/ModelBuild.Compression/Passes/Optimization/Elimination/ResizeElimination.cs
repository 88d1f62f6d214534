using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Elimination;

/// <summary>Removes <c>Resize</c> and <c>Upsample</c> with the scale 1 along all axes, if the coordinates do not change.</summary>
internal sealed class ResizeElimination() : NoEffectPattern("resizings by the factor 1 removed", "Resize", "Upsample")
{
    protected override string? Same(Site site)
    {
        var node = site.Node;
        // Two modes change values even at the scale 1: tf_crop_and_resize cuts a region out, and tf_half_pixel_for_nn shifts by half a pixel at any scale.
        if (node.GetString("coordinate_transformation_mode") is "tf_crop_and_resize" or "tf_half_pixel_for_nn" || node.GetInt("antialias") != 0)
            return null;
        var scales = node.GetFloats("scales") ?? Scales(site, node.InputAt(node.OpType == "Resize" && site.Opset >= 11 ? 2 : 1));
        if (scales is { Length: > 0 })
            return scales.All(scale => scale == 1) ? node.Input[0] : null;
        return node.Input.Count == 4 && site.KnownShape(node.Input[0]) is { } from && site.KnownShape(node.Output[0]) is { } to && from.SequenceEqual(to)
            ? node.Input[0]
            : null;
    }

    private static float[]? Scales(Site site, string value) =>
        site.Constant(value) is { DataType: (int)TensorProto.Types.DataType.Float } tensor ? tensor.ToFloats() : null;
}
