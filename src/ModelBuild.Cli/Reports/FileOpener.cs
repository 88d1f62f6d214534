using System.ComponentModel;
using System.Diagnostics;

namespace ModelBuild.Cli.Reports;

/// <summary>Opens files in the program that the desktop of the user has for them.</summary>
internal static class FileOpener
{
    private static readonly string[] DisplayVariables = ["DISPLAY", "WAYLAND_DISPLAY"];

    /// <summary>Opens a file.</summary>
    /// <returns>Whether a program was started. There is none without a display.</returns>
    public static bool TryOpen(string path)
    {
        if (Start(path) is not { } start)
            return false;
        try
        {
            using var process = Process.Start(start);
            return true;
        }
        catch (Win32Exception)
        {
            // The desktop has no such program.
            return false;
        }
    }

    private static ProcessStartInfo? Start(string path) =>
        OperatingSystem.IsWindows() ? new ProcessStartInfo(path) { UseShellExecute = true }
        : OperatingSystem.IsMacOS() ? new ProcessStartInfo("open", [path])
        : Array.Exists(DisplayVariables, name => Environment.GetEnvironmentVariable(name) is { Length: > 0 })
            ? new ProcessStartInfo("xdg-open", [path]) { RedirectStandardOutput = true, RedirectStandardError = true }
        : null;
}
