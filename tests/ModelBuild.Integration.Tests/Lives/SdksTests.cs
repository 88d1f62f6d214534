using ModelBuild.Integration.Tests.Building;

namespace ModelBuild.Integration.Tests.Lives;

/// <summary>Projects of other SDKs and languages, and one that brings an ONNX Runtime of its own, in one solution.</summary>
public sealed class SdksTests(PackedFeed feed)
{
    private const string OtherRuntime = "Microsoft.ML.OnnxRuntime.Gpu.Linux";
    private const string ThirdRuntime = "Contoso.OnnxRuntime";

    [Fact]
    public async Task Each_kind_of_project_gets_its_model()
    {
        var folder = feed.NewWorkspace("sdks");
        foreach (var id in new[] { OtherRuntime, ThirdRuntime })
            FakePackage.Write(feed.Feed, id, ("runtimes/linux-x64/native/libonnxruntime.so", "another ONNX Runtime"));
        folder.WriteModel("Site/wwwroot/served.onnx");
        Write(
            folder,
            "Site/Site.csproj",
            "Microsoft.NET.Sdk.Web",
            "Program.cs",
            "using var model = new Site.DigitsModel(); Console.WriteLine(model.Run(new float[64]).Scores.Rows);"
        );
        Write(
            folder,
            "Service/Service.csproj",
            "Microsoft.NET.Sdk.Worker",
            "Program.cs",
            "using var model = new Service.DigitsModel();",
            $"""
            <PackageReference Include="{OtherRuntime}" Version="1.32.0" />
            <OnnxModel Update="digits.onnx" Providers="cuda;cpu" />
            """
        );
        Write(folder, "Functional/Functional.fsproj", "Microsoft.NET.Sdk", "Program.fs", "printfn \"no class\"", """<Compile Include="Program.fs" />""");
        Write(
            folder,
            "Visual/Visual.vbproj",
            "Microsoft.NET.Sdk",
            "Program.vb",
            "Module Program\n Sub Main()\n End Sub\nEnd Module",
            $"""
            <PackageReference Include="{OtherRuntime}" Version="1.32.0" />
            <PackageReference Include="{ThirdRuntime}" Version="1.32.0" />
            """
        );
        folder.Write(
            "All.slnx",
            """
            <Solution>
              <Project Path="Site/Site.csproj" />
              <Project Path="Service/Service.csproj" />
              <Project Path="Functional/Functional.fsproj" />
              <Project Path="Visual/Visual.vbproj" />
            </Solution>
            """
        );

        var result = await folder.BuildAsync("build", "All.slnx", "-m:2");

        // The two packages would overwrite each other in a project, and each of the two projects has no class.
        Assert.Equal(["MB1027", "MB1034"], result.Codes);
        Assert.Equal(
            ["Functional.fsproj", "Visual.vbproj"],
            result.Warnings.Where(warning => warning.Code == "MB1034").Select(warning => Path.GetFileName(warning.File)).Order()
        );
        Assert.Equal(4, result.Starts("compress"));
        foreach (var name in new[] { "Site", "Service", "Functional", "Visual" })
            Assert.True(File.Exists(folder[$"{name}/bin/Debug/net10.0/models/{name}/DigitsModel.onnx"]), name);
        Assert.False(File.Exists(folder["Site/bin/Debug/net10.0/models/Site/ServedModel.onnx"]));
        Assert.Equal("1", await folder.RunAsync("Site/bin/Debug/net10.0/Site.dll"));

        // There is one native library for each name: that of the other package if it has one, and that of the CPU package otherwise.
        Assert.Equal("another ONNX Runtime", await File.ReadAllTextAsync(folder["Service/bin/Debug/net10.0/runtimes/linux-x64/native/libonnxruntime.so"]));
        await folder.BuildAsync("publish", "Service", "--no-build", "-c", "Debug", "-o", folder["published"]);
        Assert.Equal("another ONNX Runtime", await File.ReadAllTextAsync(folder["published/runtimes/linux-x64/native/libonnxruntime.so"]));
        Assert.True(new FileInfo(folder["Site/bin/Debug/net10.0/runtimes/linux-x64/native/libonnxruntime.so"]).Length > 1_000_000);

        var (_, watched) = await Dotnet.RunAsync(Machine.Dotnet, ["watch", "--list", "--project", "Site/Site.csproj"], folder.Root);
        Assert.Contains("digits.onnx", watched, StringComparison.Ordinal);
    }

    private static void Write(Workspace folder, string project, string sdk, string source, string program, string items = "")
    {
        var name = Path.GetDirectoryName(project)!;
        folder.WriteModel(name + "/digits.onnx");
        folder.Write($"{name}/{source}", program);
        // The implicit usings of a worker need packages that this test does not have.
        var usings = sdk.EndsWith("Worker", StringComparison.Ordinal) ? "<ImplicitUsings>disable</ImplicitUsings>" : "";
        folder.WriteProject(project, "<OutputType>Exe</OutputType>" + usings, items, sdk);
    }
}
