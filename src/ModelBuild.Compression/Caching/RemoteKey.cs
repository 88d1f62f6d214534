using System.Security.Cryptography;
using System.Text;

namespace ModelBuild.Compression.Caching;

/// <summary>
/// Computes the key of a result in a remote cache. Machines with other processors compute other last bits. Statistics of data, training, the choice of steps
/// and the verification against the budget depend on them, so the key contains the class of the processor.
/// </summary>
internal static class RemoteKey
{
    /// <summary>Returns the key in lower-case hexadecimal.</summary>
    /// <param name="key">The key in the cache folder.</param>
    /// <param name="processor">The class of the processor.</param>
    public static string Of(string key, string processor) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{key}\0{processor}")));
}
