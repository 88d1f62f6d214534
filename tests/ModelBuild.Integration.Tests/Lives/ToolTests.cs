using System.Net;
using System.Net.Sockets;
using ModelBuild.Integration.Tests.Building;
using ModelBuild.Testing;

namespace ModelBuild.Integration.Tests.Lives;

/// <summary>The program as a .NET tool, on a machine that has nothing else.</summary>
public sealed class ToolTests(PackedFeed feed)
{
    private static readonly string Command = OperatingSystem.IsWindows() ? "modelbuild.exe" : "modelbuild";

    [Fact]
    public async Task An_installed_tool_compresses_without_a_project_and_without_packages()
    {
        var folder = feed.NewWorkspace("tool");
        folder.WriteModel("digits.onnx");
        var package = await PackAsync(folder);
        CheckContent(package);

        var (exitCode, output) = await RunAsync(
            folder,
            Machine.Dotnet,
            "tool",
            "install",
            "ModelBuild.Cli",
            "--version",
            folder.Version,
            "--tool-path",
            folder["tools"],
            "--source",
            folder["nupkg"]
        );
        Assert.True(exitCode == 0, output);
        (exitCode, output) = await RunAsync(folder, folder["tools/" + Command], "compress", "digits.onnx", "--output", "small.onnx");
        Assert.True(exitCode == 0, output);
        Assert.True(new FileInfo(folder["small.onnx"]).Length < new FileInfo(folder["digits.onnx"]).Length);

        await CheckServingAsync(folder);

        // The program uses the folder that the user names, and no other ONNX Runtime if that folder is wrong.
        (exitCode, output) = await RunAsync(
            folder,
            folder["tools/" + Command],
            "compress",
            "digits.onnx",
            "--output",
            "other.onnx",
            "--onnxruntime",
            folder["empty"]
        );
        Assert.Equal(1, exitCode);
        Assert.Contains("MB1016", output, StringComparison.Ordinal);
    }

    /// <summary>The process that serves has started and has loaded the model when it finds that the address is in use.</summary>
    private static async Task CheckServingAsync(Workspace folder)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        var (exitCode, output) = await RunAsync(folder, folder["tools/" + Command], "serve", "small.onnx", "--url", $"http://{other.LocalEndpoint}");

        Assert.Equal(2, exitCode);
        Assert.Contains($"http://{other.LocalEndpoint}: address already in use", output, StringComparison.Ordinal);
    }

    private static void CheckContent(string package)
    {
        using var content = new PackageFile(package);
        PackageRules.Check(content);
        // The notices list only libraries that the package contains.
        Assert.Equal(content.ForeignLibraries.Order(StringComparer.Ordinal), content.NoticedLibraries.Order(StringComparer.Ordinal));

        Assert.Equal(
            [
                "linux-arm64/native/libonnxruntime.so",
                "linux-x64/native/libonnxruntime.so",
                "osx-arm64/native/libonnxruntime.dylib",
                "win-arm64/native/onnxruntime.dll",
                "win-x64/native/onnxruntime.dll",
            ],
            content
                .Names.Where(name => name.Contains("/runtimes/", StringComparison.Ordinal))
                .Select(name => name.Split("/onnxruntime/runtimes/")[1])
                .Order(StringComparer.Ordinal)
        );
        // An ONNX Runtime in the folder of the program would be loaded before the one that a project names.
        Assert.DoesNotContain("tools/net10.0/any/Microsoft.ML.OnnxRuntime.dll", content.Names);
        Assert.True(new FileInfo(package).Length < 80_000_000);
    }

    private static async Task<string> PackAsync(Workspace folder)
    {
        Directory.CreateDirectory(folder["empty"]);
        var (exitCode, output) = await Dotnet.RunAsync(
            Machine.Dotnet,
            [
                "pack",
                "src/ModelBuild.Cli/ModelBuild.Cli.csproj",
                "--no-build",
                "-c",
                Machine.Configuration,
                "-p:PackageVersion=" + folder.Version,
                "-o",
                folder["nupkg"],
                "-nodeReuse:false",
                "-v:q",
            ],
            Corpus.Repository
        );
        Assert.True(exitCode == 0, output);
        return folder[$"nupkg/ModelBuild.Cli.{folder.Version}.nupkg"];
    }

    private static Task<(int ExitCode, string Output)> RunAsync(Workspace folder, string program, params string[] arguments) =>
        Dotnet.RunAsync(
            program,
            arguments,
            folder.Root,
            new Dictionary<string, string>
            {
                ["NUGET_PACKAGES"] = folder["packages"],
                ["HOME"] = folder["empty"],
                ["DOTNET_CLI_HOME"] = folder["empty"],
            }
        );
}
