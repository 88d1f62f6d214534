using ModelBuild.Integration.Tests.Building;

namespace ModelBuild.Integration.Tests.Lives;

/// <summary>
/// The application chooses the version of ONNX Runtime. The package refers to the newest one, so that an older one is a downgrade (NU1605), which the project
/// allows.
/// </summary>
public sealed class OnnxRuntimeVersionsTests(PackedFeed feed)
{
    [Theory]
    [InlineData("1.30.0")]
    [InlineData("1.31.1")]
    [InlineData("1.32.0")]
    public async Task A_model_is_compressed_and_called_with_each_supported_version(string version)
    {
        var folder = feed.NewWorkspace($"ort-{version}", isOnline: true);
        folder.WriteModel("App/digits.onnx");
        folder.Write(
            "App/Program.cs",
            """
            using var model = new DigitsModel();
            using var result = model.Run(new float[64]);
            Console.WriteLine($"{result.Scores.Rows} row, ONNX Runtime {Microsoft.ML.OnnxRuntime.OrtEnv.Instance().GetVersionString()}");
            """
        );
        folder.WriteProject(
            "App/App.csproj",
            """
            <OutputType>Exe</OutputType>
            <WarningsAsErrors>NU1603</WarningsAsErrors>
            <NoWarn>NU1605</NoWarn>
            """,
            $"""<PackageReference Include="Microsoft.ML.OnnxRuntime" Version="[{version}]" />"""
        );
        var restored = await folder.TryBuildAsync("restore", "App");
        if (restored.Codes.Any(code => code is "NU1101" or "NU1102" or "NU1301" or "NU1603"))
            Assert.Skip($"Microsoft.ML.OnnxRuntime {version} is not on this machine, and none of its NuGet sources has it.");

        var result = await folder.BuildAsync("build", "App");

        Assert.Empty(result.Codes);
        Assert.Equal($"1 row, ONNX Runtime {version}", await folder.RunAsync("App/bin/Debug/net10.0/App.dll"));
    }
}
