using System.ComponentModel;
using System.Diagnostics;

namespace ModelBuild.Cli.Reports;

/// <summary>Opens files in the program that the user's desktop assigns to them.</summary>
internal static class FileOpener
{
    private static readonly string[] DisplayVariables = ["DISPLAY", "WAYLAND_DISPLAY"];

    /// <summary>Opens a file in the program of the desktop.</summary>
    /// <returns>Whether a program was started. Without a display there is no such program.</returns>
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
            // No program was started, because the desktop has none for opening files.
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
