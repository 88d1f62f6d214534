using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Calibration.Statistics;

/// <summary>
/// Computes hashes of the computations by which values result from inputs and weights. The hash of a value covers its operator and attributes and the hashes of
/// its inputs, down to the bytes of the weights and the graph inputs (a hash tree: Merkle 1987, a digital signature based on a conventional encryption
/// function). Names inside the graph do not count. Values with equal fingerprints are equal.
/// </summary>
internal static class ValueFingerprints
{
    private const int HexDigits = 16;

    /// <summary>Returns the fingerprints of the inputs, initializers and node outputs of the main graph.</summary>
    public static IReadOnlyDictionary<string, string> Of(OnnxModel model)
    {
        var graph = model.Proto.Graph;
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var input in graph.Input)
            known[input.Name] = OfInput(input.Name);
        foreach (var tensor in graph.Initializer)
            known[tensor.Name] = Hash(hash => Add(hash, tensor));
        foreach (var sparse in graph.SparseInitializer.Where(sparse => sparse.Values is not null))
            known[sparse.Values.Name] = Hash(hash => hash.AppendData(sparse.ToByteArray()));
        foreach (var node in graph.Node)
        {
            var computation = Hash(hash => Add(hash, node, known));
            foreach (var (i, output) in node.Output.Index())
                known[output] = Hash(hash => Add(hash, computation, $"{i}"));
        }

        return known;
    }

    /// <summary>Returns the fingerprint of a graph input.</summary>
    public static string OfInput(string name) => Hash(hash => Add(hash, "input", name));

    private static void Add(IncrementalHash hash, TensorProto tensor)
    {
        Add(hash, "constant", $"{tensor.DataType} [{string.Join(',', tensor.Dims)}]");
        hash.AppendData(tensor.RawData.Span);
        tensor.Release();
        foreach (var text in tensor.StringData)
            Add(hash, text.ToBase64());
    }

    private static void Add(IncrementalHash hash, NodeProto node, Dictionary<string, string> known)
    {
        Add(hash, node.Domain, node.OpType);
        // The values of outer graphs that a subgraph reads by name are inputs of the node too.
        foreach (var input in node.Input.Concat(CapturedValues.Of(node).Where(known.ContainsKey)))
            Add(hash, known.GetValueOrDefault(input, ""));
        foreach (var attribute in node.Attribute.OrderBy(attribute => attribute.Name, StringComparer.Ordinal))
            hash.AppendData(attribute.ToByteArray());
    }

    private static string Hash(Action<IncrementalHash> add)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        add(hash);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..HexDigits];
    }

    private static void Add(IncrementalHash hash, params ReadOnlySpan<string> texts)
    {
        foreach (var text in texts)
            hash.AppendData(Encoding.UTF8.GetBytes(text + '\0'));
    }
}
