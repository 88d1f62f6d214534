using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>Which forms of <c>Resize</c> work on integers, and which ONNX Runtime computes wrongly or refuses beside integer convolutions.</summary>
internal static class ResizeForm
{
    /// <summary>Why a Resize stays in float; null where it may work on integers.</summary>
    public static string? WhyFloat(NodeProto resize)
    {
        if (resize.GetString("mode", "nearest") == "cubic")
            return "cubic interpolation goes beyond the range of what it reads";
        if (resize.GetString("coordinate_transformation_mode", "half_pixel") == "tf_crop_and_resize")
            return "what it extrapolates is not a value of its input";
        return IsFixed(resize) ? "it names its axes in a form that holds for float only" : null;
    }

    /// <summary>Whether a Resize makes new values of several: what cuts its result off does not give the same in front of it.</summary>
    public static bool Blends(NodeProto node) => node.Is("Resize") && node.GetString("mode", "nearest") != "nearest";

    /// <summary>
    /// Whether the axes of a Resize must stay where they are. ONNX Runtime moves the Transpose nodes that it puts around integer convolutions and
    /// pools past a Resize. It then permutes the sizes, the scales and the region as if they were those of all axes, and it has no kernel for cubic
    /// interpolation of inner axes.
    /// </summary>
    public static bool IsFixed(NodeProto resize) =>
        resize.Is("Resize") && (resize.GetString("mode", "nearest") == "cubic" || resize.GetInts("axes") is { Length: > 0 });
}
