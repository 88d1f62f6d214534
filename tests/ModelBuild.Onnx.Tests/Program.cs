using Xunit.Runner.InProc.SystemConsole;

namespace ModelBuild.Onnx.Tests;

internal static class Program
{
    // The measurement starts with: dotnet run --project tests/ModelBuild.Onnx.Tests -- measure-memory 435 1
    private static async Task<int> Main(string[] args) =>
        args is [MemoryMeasurement.Command, .. var rest] ? MemoryMeasurement.Run(rest) : await ConsoleRunner.Run(args);
}
