using System.Diagnostics;

namespace ModelBuild.Tasks.Terminal;

/// <summary>
/// Waits for changes in the progress file of one model. The program adds a line for each new part of the work; the last line starts with <c>=</c>. A file is
/// used because MSBuild may run the waiting tasks in another process than the task that started the program.
/// </summary>
internal sealed class ProgressWatch(string path, int processId)
{
    private const int PauseMilliseconds = 100;

    private volatile bool _isCancelled;

    /// <summary>Ends all waiting. The method may be called from any thread at any time.</summary>
    public void Cancel() => _isCancelled = true;

    /// <summary>
    /// Waits until the newest line of the progress file differs from <paramref name="line"/>, and returns it. The result is only the end mark if the program
    /// has ended or the build is cancelled.
    /// </summary>
    public string Next(string line)
    {
        while (!_isCancelled)
        {
            // The process is checked before the file is read, so that the last lines of a program that ends are not missed.
            var isRunning = IsRunning();
            if (Newest() is { Length: > 0 } newest && newest != line)
                return newest;
            if (!isRunning)
                break;
            Thread.Sleep(PauseMilliseconds);
        }

        return ProgressLines.End.ToString();
    }

    private string Newest()
    {
        if (!File.Exists(path))
            return "";
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        var text = reader.ReadToEnd();
        // A line without a line feed is not complete yet.
        var lines = text.Substring(0, text.LastIndexOf('\n') + 1).Split(['\n'], StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 0 ? "" : lines[lines.Length - 1];
    }

    private bool IsRunning()
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
