using ModelBuild.Audio;
using ModelBuild.Cli.Data.Files;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Data.Sounds;

/// <summary>Reads recordings that are used as data.</summary>
internal static class SoundFile
{
    /// <summary>Loads a recording and passes it to a function.</summary>
    /// <param name="file">The path of the file.</param>
    /// <param name="use">Uses the recording.</param>
    /// <returns>The result of <paramref name="use"/>.</returns>
    /// <exception cref="CompressionException">MB1019: the file cannot be read, or the recording does not fit the description.</exception>
    public static T Use<T>(string file, Func<Sound, T> use)
    {
        try
        {
            return use(Sound.Load(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw DataFault.Of(file, $"The sound cannot be used as data: {exception.Message}", exception);
        }
    }
}
