using System.Globalization;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Formats;
using ModelBuild.Compression.Reports;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Precision;

/// <summary>
/// Inputs and outputs in 16 bits: what <c>io=true</c> promises callers of every model, whatever becomes of the nodes between, so that the promise can be kept without looking at them.
/// </summary>
internal static class NarrowContract
{
    /// <summary>Changes the declarations alone.</summary>
    /// <exception cref="CompressionException">MB1005: the model is too old for a Cast at its borders.</exception>
    public static void Declare(OnnxModel model, NarrowFloat format)
    {
        if (model.Opset() < format.FirstOpset)
            throw new CompressionException(
                Codes.UnknownOption,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{format.Name}' cannot take io=true for this model: its opset is {model.Opset()}, and inputs and outputs of {format.Name} need {format.FirstOpset}. Leave io out, or export the model again."
                )
            );
        var graph = model.Proto.Graph;
        var weights = graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var info in graph.Input.Where(input => !weights.Contains(input.Name)).Concat(graph.Output))
            if (info.Type?.TensorType is { ElemType: (int)DataType.Float } tensor)
                tensor.ElemType = (int)format.Type;
    }

    /// <summary>Gives a model these inputs and outputs, with Casts behind and before them.</summary>
    public static void Convert(OnnxModel model, NarrowFloat format) =>
        PrecisionConversion.Convert(model, new ConversionSettings(format, Io: true, Exclude: "*"), new PassReport());
}
