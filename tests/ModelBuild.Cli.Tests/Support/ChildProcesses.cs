using System.Diagnostics;
using System.Globalization;

namespace ModelBuild.Cli.Tests.Support;

/// <summary>The child processes of a process, and signals. Linux lists children in /proc.</summary>
internal static class ChildProcesses
{
    /// <summary>Returns the numbers of the children.</summary>
    public static string[] Of(Process process)
    {
        var id = process.Id.ToString(CultureInfo.InvariantCulture);
        try
        {
            return
            [
                .. Directory
                    .EnumerateDirectories($"/proc/{id}/task")
                    .SelectMany(task => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries)),
            ];
        }
        catch (IOException)
        {
            // A thread ended after the check above.
            return [];
        }
    }

    /// <summary>Sends a signal to a process.</summary>
    public static async Task SignalAsync(string signal, string process)
    {
        using var kill = Process.Start("kill", [signal, process]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
