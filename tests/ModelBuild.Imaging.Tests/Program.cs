using ModelBuild.Imaging.Tests.Hostile;
using Xunit.Runner.InProc.SystemConsole;

namespace ModelBuild.Imaging.Tests;

/// <summary>Runs the tests, or, as the child process of <see cref="HostileFileTests"/>, decodes damaged files.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments) =>
        arguments is [DamagedFiles.Command, .. var rest] ? DamagedFiles.DecodeAll(rest) : await ConsoleRunner.Run(arguments);
}
