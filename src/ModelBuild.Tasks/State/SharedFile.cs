using System.Text;

namespace ModelBuild.Tasks.State;

/// <summary>
/// Small files in obj that an editor's build and a real one may reach for in the same moment. Whoever meets the other waits a little.
/// </summary>
internal static class SharedFile
{
    private const int Tries = 200;
    private const int PauseMilliseconds = 25;

    /// <summary>The text; null when the file is not there, or is being written for longer than a small file takes.</summary>
    public static string? Read(string path)
    {
        for (var attempt = 0; attempt < Tries && File.Exists(path); attempt++)
        {
            try
            {
                using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read), Encoding.UTF8);
                return reader.ReadToEnd();
            }
            catch (IOException)
            {
                Thread.Sleep(PauseMilliseconds);
            }
        }

        return null;
    }

    /// <summary>The lines, without empty ones; none when there is no such file.</summary>
    public static string[] ReadLines(string path) => Read(path)?.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Writes the text, unless it stands there already.</summary>
    /// <exception cref="IOException">Somebody else keeps the file open.</exception>
    public static void Write(string path, string text)
    {
        if (Read(path) == text)
            return;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                File.WriteAllText(path, text);
                return;
            }
            catch (IOException) when (attempt < Tries)
            {
                Thread.Sleep(PauseMilliseconds);
            }
        }
    }
}
