using System.Buffers.Binary;
using System.Security.Cryptography;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.GraphEdits;

/// <summary>Stores equal initializers (same type, shape and bytes) of one scope once.</summary>
internal sealed class InitializerSharing : IGraphRewrite
{
    public string Effect => "duplicate initializers shared";

    public int Apply(Graph main, CancellationToken cancellationToken) => main.SelfAndSubgraphs().Sum(Share);

    private static int Share(Graph scope)
    {
        var count = 0;
        // Only initializers with equal types, lengths and some equal bytes are compared. The comparison of a few bytes takes little time, and avoids hashing
        // most weights.
        var candidates = scope
            .Proto.Initializer.Where(tensor => tensor.RawData.Length > 0 && !scope.IsInput(tensor.Name))
            .GroupBy(tensor => (tensor.DataType, tensor.RawData.Length))
            .Where(group => group.Skip(1).Any())
            .SelectMany(group => group.GroupBy(Some))
            .Where(group => group.Skip(1).Any())
            .ToArray();
        foreach (var group in candidates)
        {
            var kept = new Dictionary<string, TensorProto>(StringComparer.Ordinal);
            foreach (var tensor in group)
            {
                var key = $"{string.Join(',', tensor.Dims)}:{Convert.ToHexString(SHA256.HashData(tensor.RawData.Span))}";
                tensor.Release();
                if (kept.TryAdd(key, tensor) || scope.IsOutputAnywhere(tensor.Name) || !scope.CanReplaceUses(tensor.Name, kept[key].Name))
                    continue;
                scope.ReplaceUses(tensor.Name, kept[key].Name);
                scope.RemoveInitializer(tensor.Name);
                count++;
            }
        }

        return count;
    }

    // Returns 16 bytes from the middle of a tensor's data, by which tensors are grouped before their complete data is hashed. At both ends, more tensors have
    // zeros.
    private static UInt128 Some(TensorProto tensor)
    {
        Span<byte> some = stackalloc byte[16];
        var bytes = tensor.RawData.Span;
        bytes = bytes[(bytes.Length / 2)..];
        bytes[..Math.Min(some.Length, bytes.Length)].CopyTo(some);
        tensor.Release();
        return BinaryPrimitives.ReadUInt128LittleEndian(some);
    }
}
