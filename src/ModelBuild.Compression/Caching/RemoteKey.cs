using System.Security.Cryptography;
using System.Text;
using ModelBuild.Compression.Pipeline;

namespace ModelBuild.Compression.Caching;

/// <summary>
/// Computes the key of a result in a remote cache. Machines with other processors compute other last bits of statistics and of training, so the key of such
/// a result contains the class of the processor. Results of a calibration file, of trained values and of recipes without data are the same everywhere.
/// </summary>
internal static class RemoteKey
{
    /// <summary>Returns the key in lower-case hexadecimal.</summary>
    /// <param name="key">The key in the cache folder.</param>
    /// <param name="request">The request.</param>
    /// <param name="processor">The class of the processor.</param>
    public static string Of(string key, CompressionRequest request, string processor) =>
        DependsOnProcessor(request) ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{key}\0{processor}"))) : key;

    private static bool DependsOnProcessor(CompressionRequest request) => request.CalibrationData.Count > 0 || (request.Recipe.Trains && request.Train);
}
