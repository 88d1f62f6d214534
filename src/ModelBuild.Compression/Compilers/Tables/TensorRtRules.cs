using System.Globalization;
using ModelBuild.Compression.Compilers.Checks;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Compilers.Tables;

/// <summary>
/// The restrictions in TensorRT's table of operators, and those of its explicit quantization (TensorRT documentation, "Explicit Quantization").
/// </summary>
internal static class TensorRtRules
{
    private const int LargestK = 3839;
    private const int AttentionRank = 4;
    private const string Advice = "compress the model for --target tensorrt (Providers), whose int8 values are symmetric";

    // The block sizes that TensorRT supports for weights of 4 bits.
    private static readonly long[] BlockSizes = [64, 128];
    private static readonly string[] Transformations = ["half_pixel", "pytorch_half_pixel", "tf_half_pixel_for_nn", "asymmetric", "align_corners"];

    public static string? Pooling(CheckedNode node) =>
        node.Input(0) is { Shape.Length: not (4 or 5) and not 0 } ? "TensorRT pools over two or three dimensions only" : null;

    public static string? Dilations(CheckedNode node) =>
        node.Node.GetInts("dilations") is { } dilations && dilations.Any(dilation => dilation != 1) ? "TensorRT pools without dilations only" : null;

    public static string? OneOutput(CheckedNode node) => node.HasOutput(1) ? "TensorRT computes its first output only" : null;

    public static string? Inference(CheckedNode node) =>
        node.Node.GetInt("training_mode") != 0 || node.HasOutput(1) ? "it computes the statistics of training" : null;

    public static string? NoTraining(CheckedNode node) =>
        node.Node.InputAt(2).Length > 0 && node.Constant(2) is not { RawData: [0] } ? "its training mode is not constantly off" : null;

    public static string? Recurrent(CheckedNode node)
    {
        if (node.Node.GetInt("input_forget") != 0 || node.Node.GetInt("layout") != 0)
            return "TensorRT takes the attributes 'input_forget' and 'layout' with 0 only";
        if (node.Node.GetString("direction") != "bidirectional" || node.Node.Attribute("activations") is not { } activations)
            return null;
        var names = activations.Strings;
        return names.Take(names.Count / 2).SequenceEqual(names.Skip(names.Count / 2)) ? null : "its two directions have different activations";
    }

    public static string? ConstantInput(CheckedNode node, int index) =>
        node.IsComputed(index) ? $"its input '{Text.Short(node.Node.Input[index])}' is computed, and TensorRT needs a constant" : null;

    public static string? TopK(CheckedNode node) =>
        node.Node.GetInt("sorted", 1) != 1 ? "TensorRT returns sorted values only"
        : node.Constant(1) is { DataType: (int)DataType.Int64 } k && k.ElementCount() == 1 && k.Span<long>()[0] > LargestK
            ? string.Create(CultureInfo.InvariantCulture, $"its K is {k.Span<long>()[0]}, and TensorRT takes {LargestK} at most")
        : null;

    public static string? Resize(CheckedNode node)
    {
        var transformation = node.Node.GetString("coordinate_transformation_mode", "half_pixel");
        if (!Transformations.Contains(transformation))
            return $"TensorRT has no transformation '{Text.Short(transformation)}'";
        if (node.Node.GetString("mode", "nearest") is not ("nearest" or "linear") and var mode)
            return $"TensorRT has no mode '{Text.Short(mode)}'";
        return node.Node.Attribute("axes") is not null && node.Node.InputAt(2).Length > 0 ? "TensorRT takes scales for all axes only"
            : node.Node.GetInt("antialias") != 0 ? "TensorRT does not smooth the input of a Resize"
            : node.Node.GetString("keep_aspect_ratio_policy", "stretch") != "stretch" ? "TensorRT has the policy 'stretch' only"
            : null;
    }

    public static string? NoReduction(CheckedNode node) =>
        node.Node.GetString("reduction", "none") != "none" ? "TensorRT scatters without a reduction only" : null;

    public static string? Rank(CheckedNode node, int index, int rank) =>
        node.Input(index) is { IsRankKnown: true } input && input.Shape.Length != rank
            ? string.Create(CultureInfo.InvariantCulture, $"TensorRT takes {rank} dimensions here")
            : null;

    public static string? ShortTimeFourier(CheckedNode node) => ConstantInput(node, 1) ?? ConstantInput(node, 2) ?? ConstantInput(node, 3);

    public static string? SymmetricPads(CheckedNode node) =>
        node.Node.GetInts("pads") is { } pads && !pads.Take(pads.Length / 2).SequenceEqual(pads.Skip(pads.Length / 2))
            ? "TensorRT takes equal pads at both ends of an axis only"
            : null;

    public static string? Branches(CheckedNode node)
    {
        var branches = node.Scope.Subgraphs(node.Node);
        foreach (var index in Enumerable.Range(0, node.Node.Output.Count))
        {
            var ranks = branches.Select(branch => node.Values.Of(branch, branch.Proto.Output[index].Name)).OfType<InferredTensor>();
            if (ranks.Where(output => output.IsRankKnown).Select(output => output.Shape.Length).Distinct().Count() > 1)
                return "its branches return different numbers of dimensions";
        }

        return null;
    }

    public static string? Attention(CheckedNode node) =>
        Rank(node, 0, AttentionRank)
        ?? Rank(node, 1, AttentionRank)
        ?? Rank(node, 2, AttentionRank)
        ?? (node.Node.GetInt("qk_matmul_output_mode") != 0 ? "TensorRT takes 'qk_matmul_output_mode' with 0 only" : null)
        ?? (
            node.Node.Input.Skip(4).Any(input => input.Length > 0) || Enumerable.Range(1, 3).Any(node.HasOutput)
                ? "TensorRT takes attention without a cache and with one output only"
                : null
        )
        ?? (node.Node.GetFloat("softcap") != 0 ? "TensorRT has no 'softcap'" : null);

    public static string? Quantize(CheckedNode node) =>
        ZeroPoint(node)
        ?? Scale(node)
        ?? (node.Node.InputAt(2).Length == 0 && node.Node.GetInt("output_dtype") is not (long)DataType.Int8 ? $"its codes are uint8; {Advice}" : null)
        ?? (node.Constant(0) is null && node.Constant(1)!.ElementCount() != 1 ? "TensorRT takes one scale for all activations of a value" : null);

    public static string? Dequantize(CheckedNode node)
    {
        if ((ZeroPoint(node) ?? Scale(node)) is { } why)
            return why;
        var block = node.Node.GetInt("block_size");
        if (block == 0 || node.Input(0) is not { Shape: var shape, Type: var type })
            return null;
        var axis = node.Node.GetInt("axis", 1) is var given && given < 0 ? given + shape.Length : given;
        return type != DataType.Int4 ? "TensorRT takes blocks of codes of 4 bits only"
            : !BlockSizes.Contains(block) || shape[axis] % block != 0
                ? string.Create(CultureInfo.InvariantCulture, $"TensorRT takes whole blocks of 64 or 128 weights, and these have {block}")
            : axis < shape.Length - 2 ? "TensorRT takes blocks along the last two dimensions only"
            : null;
    }

    private static string? Scale(CheckedNode node) =>
        node.Constant(1) is not { } scale ? "its scale is computed, and TensorRT needs a constant"
        : scale.ToFloats().All(value => value > 0) ? null
        : "one of its scales is not positive";

    private static string? ZeroPoint(CheckedNode node)
    {
        if (node.Node.InputAt(2).Length == 0)
            return null;
        if (node.Constant(2) is not { } point)
            return "its zero point is computed, and TensorRT needs the constant 0";
        if (point.RawData.Span.ContainsAnyExcept((byte)0))
            return $"its zero point is not 0, and TensorRT takes symmetric values only; {Advice}";
        return (DataType)point.DataType is DataType.Uint8 or DataType.Uint16 or DataType.Int16
            ? $"its codes are {ElementTypes.Name((DataType)point.DataType)}, and TensorRT takes int8; {Advice}"
            : null;
    }
}
