using System.Diagnostics;

namespace ModelBuild.Tasks.Terminal;

/// <summary>
/// Waits for news of one model. The program adds a line to the model's progress file whenever it reaches another part of the work; the last line starts
/// with <c>=</c>. A file and not memory, because MSBuild may run the tasks that wait in another process than the one that started the program.
/// </summary>
internal sealed class ProgressWatch(string path, int processId)
{
    private const int PauseMilliseconds = 100;

    private volatile bool _isCancelled;

    /// <summary>Ends all waiting. May be called from any thread, at any time.</summary>
    public void Cancel() => _isCancelled = true;

    /// <summary>Waits until the newest line is another one; the end mark alone when the program is gone or the build is cancelled.</summary>
    public string Next(string line)
    {
        while (!_isCancelled)
        {
            // Before the file is read, so that the last words of a program that ends are not missed.
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
        // A line that is being written has no end yet.
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
