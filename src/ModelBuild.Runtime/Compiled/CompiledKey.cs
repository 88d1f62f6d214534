using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Sources;

namespace ModelBuild.Runtime.Compiled;

/// <summary>Represents the key of a compiled model in a cache folder, as parts of a file name.</summary>
/// <param name="Kind">The part for the path of the model, the provider and its options. The cache has one entry for each kind.</param>
/// <param name="Hash">The hash of everything that makes an entry outdated: the bytes of the model, the versions of ONNX Runtime and of the provider, and the
/// device.</param>
internal sealed record CompiledKey(string Kind, string Hash)
{
    /// <summary>Gets the name of the cache entry's folder.</summary>
    public string Name => $"{Kind}.{Hash}";

    /// <summary>Computes the key of a compiled model.</summary>
    /// <param name="source">The original model.</param>
    /// <param name="provider">The provider with its options.</param>
    /// <param name="identity">The path that identifies the model independent of its content.</param>
    public static CompiledKey Of(ModelSource source, ModelProvider provider, string identity)
    {
        var settings = Encoding.UTF8.GetBytes(
            string.Join('\n', provider.ToSettings().Order(KeyOrder.Instance).Select(setting => $"{setting.Key}={setting.Value}"))
        );
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{OrtEnv.Instance().GetVersionString()}\n{RuntimeInformation.RuntimeIdentifier}\n{Devices(provider)}\n"));
        hash.AppendData(settings);
        Append(hash, source);
        var all = Hex(hash.GetHashAndReset(), 8);
        hash.AppendData(settings);
        hash.AppendData(Encoding.UTF8.GetBytes(identity));
        return new CompiledKey($"{Path.GetFileNameWithoutExtension(identity)}.{provider.Name}.{Hex(hash.GetHashAndReset(), 4)}", all);
    }

    private static string Devices(ModelProvider provider) =>
        string.Join(
            '\n',
            ((provider as DeviceProvider)?.Devices ?? ModelDevices.All)
                .Where(device => device.Provider == provider.Name)
                .Select(device => $"{device} {string.Join(' ', device.Metadata.Order(KeyOrder.Instance).Select(entry => $"{entry.Key}={entry.Value}"))}")
        );

    /// <summary>
    /// Appends the hashes of the model and its external data, which usually has the name of the model and a suffix: <c>x.onnx.data</c>, <c>x.onnx_data</c>.
    /// </summary>
    private static void Append(IncrementalHash hash, ModelSource source)
    {
        if (source.Path is not { } path)
        {
            hash.AppendData(source.Bytes!);
            return;
        }

        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + "*").Order(StringComparer.Ordinal))
        {
            using var stream = File.OpenRead(file);
            hash.AppendData(SHA256.HashData(stream));
        }
    }

    private static string Hex(byte[] hash, int bytes) => HexText.Of(hash.AsSpan(0, bytes));

    private sealed class KeyOrder : IComparer<KeyValuePair<string, string>>
    {
        public static readonly KeyOrder Instance = new();

        public int Compare(KeyValuePair<string, string> x, KeyValuePair<string, string> y) => string.CompareOrdinal(x.Key, y.Key);
    }
}
