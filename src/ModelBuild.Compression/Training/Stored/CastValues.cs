using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Weights;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Stored;

/// <summary>
/// Unfolds weights that a model computes from constants with Cast: codes, Mul(Cast(codes) − zero points, scales), float16 numbers, Cast(weights), and
/// codebooks, Gather(codebook, Cast(indices)).
/// </summary>
/// <param name="constants">The constants that are replaced.</param>
internal sealed class CastValues(StoredConstants constants)
{
    // The operators that may stand between the Cast of the codes and the multiplication by the scales.
    private static readonly HashSet<string> Between = ["Sub", "Reshape", "Concat", "Identity"];

    /// <summary>Unfolds the weights that a Cast computes from constants, in the main graph of the copy that is trained.</summary>
    public void Unfold()
    {
        var graph = constants.Graph;
        foreach (var node in graph.Nodes.Where(node => node.Is("Cast") && node.GetInt("to") == (long)DataType.Float).ToArray())
            // Each node is looked up again before it is processed, because the Cast of scales is removed together with the Cast of their codes.
            if (graph.Contains(node) && graph.TryGetConstant(node.Input[0], out var tensor) && !graph.IsOutputAnywhere(node.Output[0]))
                Cast(node, tensor);
        foreach (var node in graph.Nodes.Where(node => node.Is("Gather")).ToArray())
            Codebook(node);
    }

    private void Cast(NodeProto node, TensorProto tensor)
    {
        var graph = constants.Graph;
        if (tensor.DataType == (int)DataType.Float16)
        {
            constants.Halves(node, graph.Consumers(node.Output[0]).All(use => use.Node.Is("Mul")) && tensor.ElementCount() > 0 && IsScale(node));
            return;
        }

        if (CodeFormat.Of(node.Input[0], tensor) is not { } format)
            return;
        if (graph.Consumers(node.Output[0]).Any(use => use.Node.Is("Div")))
        {
            Halves(node, tensor);
            return;
        }

        if (Scales(node.Output[0]) is not { } scales)
            return;
        var codes = constants.Codes(node.Input[0], format, [.. tensor.Dims], scales);
        graph.ReplaceUses(node.Output[0], codes);
        graph.Remove(node);
    }

    // Separates codes that are stored as two in each byte, as before opset 21: Concat(byte − 16·floor(byte/16), floor(byte/16)).
    private void Halves(NodeProto cast, TensorProto tensor)
    {
        var graph = constants.Graph;
        var concat = graph
            .Consumers(cast.Output[0])
            .SelectMany(use => graph.Consumers(use.Node.Output[0]))
            .Select(use => use.Node)
            .FirstOrDefault(node => node.Is("Concat"));
        if (tensor.DataType != (int)DataType.Uint8 || concat is null || Scales(concat.Output[0]) is not { } scales)
            return;
        var format = new CodeFormat(cast.Input[0], DataType.Uint8, [.. tensor.Dims], rows: 1, bits: 4, inHalves: true);
        graph.ReplaceUses(concat.Output[0], constants.Codes(cast.Input[0], format, [2 * tensor.ElementCount()], scales));
        graph.Remove(concat);
    }

    // Returns whether the constant is a scale that codes are multiplied by, and not a weight of a layer.
    private bool IsScale(NodeProto cast) => constants.Graph.Consumers(cast.Output[0]).All(use => ComesFromCodes(use.Node.Input[1 - use.Index]));

    private bool ComesFromCodes(string value)
    {
        var graph = constants.Graph;
        while (graph.Producer(value) is { } node)
        {
            if (node.Is("Cast"))
                return graph.TryGetConstant(node.Input[0], out var tensor) && CodeFormat.Of(node.Input[0], tensor) is not null;
            if (!Between.Contains(node.OpType))
                return false;
            value = node.Input[0];
        }

        return constants.Values.OfType<CodedValue>().Any(codes => codes.Input.Name == value);
    }

    // Returns the scales that codes are multiplied by, and registers them as values that training may change; null if there are none.
    private float[]? Scales(string codes)
    {
        var graph = constants.Graph;
        while (graph.Consumers(codes) is [var use])
        {
            if (use.Node.Is("Mul"))
                return Scale(use.Node.Input[1 - use.Index]);
            if (!Between.Contains(use.Node.OpType) || use.Index != 0)
                return null;
            codes = use.Node.Output[0];
        }

        return null;
    }

    private float[]? Scale(string value)
    {
        var graph = constants.Graph;
        if (graph.Producer(value) is { OpType: "Cast" } cast && graph.TryGetConstant(cast.Input[0], out var half))
        {
            if (half.DataType == (int)DataType.Float16)
                constants.Halves(cast, isScale: true);
            return half.DataType is (int)DataType.Float16 or (int)DataType.Float ? half.ToFloats() : null;
        }

        if (!graph.TryGetConstant(value, out var scales) || scales.DataType != (int)DataType.Float)
            return null;
        return [.. constants.Scales(value).Input.Values];
    }

    private void Codebook(NodeProto node)
    {
        var graph = constants.Graph;
        if (
            graph.TryGetConstant(node.Input[0], out var book)
            && book.DataType == (int)DataType.Float
            && book.Dims.Count == 1
            && ComesFromConstants(node.Input[1])
            && graph.Consumers(node.Input[0]).Count == 1
        )
            constants.Add(CodebookValue(node.Input[0], book));
    }

    private static PlainValue CodebookValue(string name, TensorProto book)
    {
        var parameter = new Parameter(name, [.. book.Dims], book.ToFloats());
        return new PlainValue(parameter, KeptZeros.All(parameter));
    }

    private bool ComesFromConstants(string value) =>
        constants.Graph.Producer(value) is { } node && !node.Is("Constant")
            ? node.Input.All(input => input.Length == 0 || ComesFromConstants(input))
            : constants.Graph.IsConstant(value);
}
