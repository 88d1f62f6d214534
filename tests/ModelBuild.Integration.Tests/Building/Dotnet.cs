using System.Diagnostics;
using System.Text;

namespace ModelBuild.Integration.Tests.Building;

/// <summary>Starts programs in an environment of their own: what a continuous integration system or an outer build set does not reach them.</summary>
internal static class Dotnet
{
    private static readonly string[] Foreign =
    [
        "MSBUILD",
        "VSTEST",
        "VS",
        "DOTNET_",
        "NUGET_",
        "GITHUB_",
        "CI",
        "TF_BUILD",
        "BUILD_",
        "APPVEYOR",
        "TEAMCITY_",
        "JENKINS_",
        "XUNIT_",
        "TESTINGPLATFORM_",
        "COREHOST_",
    ];

    /// <summary>Runs to the end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string folder,
        IReadOnlyDictionary<string, string>? environment = null
    )
    {
        using var process = Start(program, arguments, folder, environment);
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(output, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output.ToString());
    }

    /// <summary>Starts, with all three streams redirected.</summary>
    public static Process Start(string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string>? environment = null)
    {
        var info = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
            info.ArgumentList.Add(argument);
        foreach (var name in info.Environment.Keys.Where(name => Foreign.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))).ToList())
            info.Environment.Remove(name);
        // No node of MSBuild and no compiler server continues to run after a build, so that no process remains after the tests.
        info.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        info.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        foreach (var (name, value) in CompilerServer.Environment)
            info.Environment[name] = value;
        // Most programs are so short that optimized or profile-guided compilation would take longer than it saves.
        info.Environment["DOTNET_TieredPGO"] = "0";
        info.Environment["DOTNET_TC_QuickJitForLoops"] = "1";
        info.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        info.Environment["DOTNET_NOLOGO"] = "1";
        info.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            info.Environment[name] = value;
        return Process.Start(info)!;
    }

    private static void Append(StringBuilder output, string? line)
    {
        if (line is not null)
            lock (output)
                output.AppendLine(line);
    }
}
