using System.Text;

namespace ModelBuild.Tasks.State;

/// <summary>
/// Reads and writes small files in obj that an editor's build and a real build may use at the same time. A file in use is retried for a short time.
/// </summary>
internal static class SharedFile
{
    private const int Tries = 200;
    private const int PauseMilliseconds = 25;

    /// <summary>Returns the text of a file; null if the file does not exist, or if another process keeps it open for too long.</summary>
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

    /// <summary>Returns the lines of a file without empty ones; the list is empty if the file does not exist.</summary>
    public static string[] ReadLines(string path) => Read(path)?.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Writes a text to a file if the file has another content.</summary>
    /// <exception cref="IOException">Another process keeps the file open.</exception>
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
