using System.Globalization;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Formats;
using ModelBuild.Compression.Reports;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Precision;

/// <summary>
/// Converts inputs and outputs to 16 bits. The option <c>io=true</c> changes them in every model, independent of the nodes between, so that the contract is
/// known before the conversion.
/// </summary>
internal sealed class NarrowContract(NarrowFloat format, bool io) : IContractChange
{
    /// <summary>Changes only the declared types of the inputs and outputs to 16 bits.</summary>
    /// <exception cref="CompressionException">MB1005: the opset of the model is too old for a Cast at its inputs and outputs.</exception>
    public void ChangeContract(OnnxModel model)
    {
        if (!io)
            return;
        if (model.Opset() < format.FirstOpset)
            throw new CompressionException(
                Codes.UnknownOption,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{format.Name}' cannot take io=true for this model: its opset is {model.Opset()}, and inputs and outputs of {format.Name} "
                        + $"need {format.FirstOpset}. Leave io out, or export the model again."
                )
            );
        var graph = model.Proto.Graph;
        var weights = graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var info in graph.Input.Where(input => !weights.Contains(input.Name)).Concat(graph.Output))
            if (info.Type?.TensorType is { ElemType: (int)DataType.Float } tensor)
                tensor.ElemType = (int)format.Type;
    }

    /// <summary>Changes the inputs and outputs of a model to 16 bits, and inserts Casts behind the inputs and before the outputs.</summary>
    public void Adapt(OnnxModel model)
    {
        if (io)
            PrecisionConversion.Convert(model, new ConversionSettings(format, Io: true, Exclude: "*"), new PassReport());
    }
}
