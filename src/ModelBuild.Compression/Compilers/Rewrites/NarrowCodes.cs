using ModelBuild.Compression.Formats;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Compilers.Rewrites;

/// <summary>Stores constants of 4 bits in 8 bits, for compilers without 4-bit types. Cast and DequantizeLinear compute the same floats from them.</summary>
internal sealed class NarrowCodes : IGraphRewrite
{
    public string Effect => "constants of 4 bits stored in 8 bits";

    public int Apply(Graph main, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var scope in main.SelfAndSubgraphs())
        foreach (var tensor in scope.Proto.Initializer.Where(IsNarrow).ToArray())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (scope.Consumers(tensor.Name).Any(use => !use.Node.Is("Cast") && !use.Node.Is("DequantizeLinear")))
                continue;
            scope.ReplaceConstant(tensor.Name, Widen(tensor));
            count++;
        }

        return count;
    }

    private static bool IsNarrow(TensorProto tensor) => (DataType)tensor.DataType is DataType.Int4 or DataType.Uint4;

    private static TensorProto Widen(TensorProto tensor)
    {
        var isSigned = (DataType)tensor.DataType == DataType.Int4;
        var count = checked((int)tensor.ElementCount());
        var codes = CodePacking.Unpack(tensor.Span<byte>(), 1, count, bits: 4);
        if (isSigned)
            codes = Array.ConvertAll(codes, code => (byte)(code >= 8 ? code - 16 : code));
        return Tensors.Create(tensor.Name, isSigned ? DataType.Int8 : DataType.Uint8, [.. tensor.Dims], codes);
    }
}
