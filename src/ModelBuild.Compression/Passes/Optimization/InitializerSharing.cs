using System.Security.Cryptography;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization;

/// <summary>Stores equal initializers (same type, shape and bytes) of one scope once.</summary>
internal sealed class InitializerSharing : IGraphRewrite
{
    public string Effect => "duplicate initializers shared";

    public int Apply(Graph main, CancellationToken cancellationToken) => main.SelfAndSubgraphs().Sum(Share);

    private static int Share(Graph scope)
    {
        var count = 0;
        // Equal length is a cheap first sieve: most weights are never hashed.
        var candidates = scope.Proto.Initializer
            .Where(tensor => tensor.RawData.Length > 0 && !scope.IsInput(tensor.Name))
            .GroupBy(tensor => (tensor.DataType, tensor.RawData.Length))
            .Where(group => group.Skip(1).Any())
            .ToArray();
        foreach (var group in candidates)
        {
            var kept = new Dictionary<string, TensorProto>(StringComparer.Ordinal);
            foreach (var tensor in group)
            {
                var key = $"{string.Join(',', tensor.Dims)}:{Convert.ToHexString(SHA256.HashData(tensor.RawData.Span))}";
                if (kept.TryAdd(key, tensor) || scope.IsOutputAnywhere(tensor.Name) || !scope.CanReplaceUses(tensor.Name, kept[key].Name))
                    continue;
                scope.ReplaceUses(tensor.Name, kept[key].Name);
                scope.RemoveInitializer(tensor.Name);
                count++;
            }
        }

        return count;
    }
}
