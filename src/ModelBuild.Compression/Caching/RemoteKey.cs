using System.Security.Cryptography;
using System.Text;

namespace ModelBuild.Compression.Caching;

/// <summary>
/// Computes the key of a result in a remote cache. The key contains the class of the processor, because different processors compute results whose last bits
/// differ. The statistics of data, training, the choice of steps and the verification against the budget depend on these bits.
/// </summary>
internal static class RemoteKey
{
    /// <summary>Returns the key of a result in a remote cache, in lower-case hexadecimal.</summary>
    /// <param name="key">The key in the cache folder.</param>
    /// <param name="processor">The class of the processor.</param>
    public static string Of(string key, string processor) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{key}\0{processor}")));
}
