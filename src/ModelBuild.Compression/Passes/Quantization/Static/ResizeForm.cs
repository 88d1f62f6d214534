using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>
/// Decides which forms of <c>Resize</c> can work on integers. ONNX Runtime computes some forms beside integer convolutions wrongly or refuses them.
/// </summary>
internal static class ResizeForm
{
    /// <summary>Returns the reason why a Resize stays in float; null if it may work on integers.</summary>
    public static string? WhyFloat(NodeProto resize)
    {
        if (resize.GetString("mode", "nearest") == "cubic")
            return "cubic interpolation exceeds the range of its input";
        if (resize.GetString("coordinate_transformation_mode", "half_pixel") == "tf_crop_and_resize")
            return "extrapolated values are not values of its input";
        return IsFixed(resize) ? "its attribute 'axes' is supported in float only" : null;
    }

    /// <summary>Returns whether a Resize computes each value from several input values. Clamping its output then differs from clamping its input.</summary>
    public static bool Blends(NodeProto node) => node.Is("Resize") && node.GetString("mode", "nearest") != "nearest";

    /// <summary>
    /// Returns whether the axes of a Resize must stay where they are. ONNX Runtime moves the Transpose nodes that it puts around integer convolutions and pools
    /// past a Resize. It then permutes the sizes, the scales and the region as if they were those of all axes, and it has no kernel for cubic interpolation of
    /// inner axes.
    /// </summary>
    public static bool IsFixed(NodeProto resize) =>
        resize.Is("Resize") && (resize.GetString("mode", "nearest") == "cubic" || resize.GetInts("axes") is { Length: > 0 });
}
