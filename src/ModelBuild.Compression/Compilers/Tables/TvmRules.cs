using ModelBuild.Compression.Compilers.Checks;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Compilers.Tables;

/// <summary>The forms of operators that the importer of Apache TVM's Relax refuses, or reads as another form.</summary>
internal static class TvmRules
{
    private const int ImageRank = 4;

    public static string? LayerNormalization(CheckedNode node) =>
        OneOutput(node) ?? (node.Node.InputAt(2).Length == 0 ? "it has no bias, and the shape of its scale is unknown" : null);

    public static string? OneOutput(CheckedNode node) => node.HasOutput(1) || node.HasOutput(2) ? "Apache TVM computes its first output only" : null;

    public static string? Pad(CheckedNode node) =>
        node.Node.InputAt(3).Length > 0 ? "Apache TVM pads all axes only"
        : node.Node.GetString("mode", "constant") == "wrap" ? "Apache TVM has no mode 'wrap'"
        : ConstantInput(node, 1);

    public static string? Resize(CheckedNode node) =>
        node.Node.GetInt("antialias") != 0 ? "Apache TVM does not smooth the input of a Resize"
        : node.Node.Attribute("axes") is not null ? "Apache TVM resizes all axes only"
        : node.Node.GetString("keep_aspect_ratio_policy", "stretch") != "stretch" ? "Apache TVM has the policy 'stretch' only"
        : node.Input(0) is { IsRankKnown: true, Shape.Length: < 3 or > 5 } ? "Apache TVM resizes three to five dimensions only"
        : null;

    public static string? IsInf(CheckedNode node) =>
        node.Node.GetInt("detect_positive", 1) != 1 || node.Node.GetInt("detect_negative", 1) != 1 ? "Apache TVM finds both infinities only" : null;

    public static string? CumSum(CheckedNode node) => node.Node.GetInt("exclusive") != 0 ? "Apache TVM has no exclusive sums" : null;

    public static string? AffineGrid(CheckedNode node) => node.Node.GetInt("align_corners") == 0 ? "Apache TVM has 'align_corners' with 1 only" : null;

    public static string? Images(CheckedNode node) =>
        node.Input(0) is { IsRankKnown: true, Shape.Length: not ImageRank } ? "Apache TVM takes four dimensions here" : null;

    public static string? EyeLike(CheckedNode node) =>
        node.Node.Attribute("dtype") is { } type && node.Input(0)?.Type != (DataType)type.I ? "Apache TVM keeps the type of the input" : null;

    public static string? ConstantInput(CheckedNode node, int index) =>
        node.IsComputed(index) ? $"its input '{Text.Short(node.Node.Input[index])}' is computed, and Apache TVM needs a constant" : null;
}
