using System.Text.Json;
using ModelBuild.Integration.Tests.Building;

namespace ModelBuild.Integration.Tests.Lives;

/// <summary>
/// A library with every kind of item and of name, under the strictest settings, in a folder with a difficult name; and an application that
/// constructs all of its classes.
/// </summary>
public sealed class ItemsLife(PackedFeed feed) : IAsyncLifetime
{
    /// <summary>File names that break careless builds, and the classes that they give.</summary>
    public static readonly IReadOnlyDictionary<string, string> OddNames = new Dictionary<string, string>
    {
        ["ünïcode 模型.onnx"] = "Ünïcode模型Model",
        ["a@b.onnx"] = "ABModel",
        ["p(1)[x]{y}.onnx"] = "P1XYModel",
        ["semi;colon.onnx"] = "SemiColonModel",
        ["pct%20x.onnx"] = "Pct20xModel",
        ["hash#1.onnx"] = "Hash1Model",
        ["dollar$(x).onnx"] = "DollarXModel",
        ["quote'd.onnx"] = "QuoteDModel",
        ["8bit.onnx"] = "_8bitModel",
    };

    private const string Library = "My App's (1) ünï/Lib";

    public Workspace Folder { get; } = feed.NewWorkspace("items");

    public BuildResult First { get; private set; } = null!;

    public BuildResult Again { get; private set; } = null!;

    public IReadOnlyList<string> Output { get; private set; } = [];

    public string Printed { get; private set; } = "";

    public IReadOnlyList<string> Models { get; private set; } = [];

    public IReadOnlyList<string> WithoutDefaultModels { get; private set; } = [];

    public IReadOnlyList<string> WithoutDefaultItems { get; private set; } = [];

    public string LongName { get; } = string.Concat(Enumerable.Repeat("long", 30));

    public async ValueTask InitializeAsync()
    {
        foreach (var name in OddNames.Keys)
            Folder.WriteModel($"{Library}/Models/{name}");
        foreach (
            var name in new[]
            {
                "bin/copy",
                "obj/copy",
                ".hidden/copy",
                "wwwroot/served",
                "Models/content",
                "Models/twice",
                "Models/embedded.pl",
                "Models/nowhere",
                "left/alone",
                "x/same",
                "y/same",
            }
        )
            Folder.WriteModel($"{Library}/{name}.onnx");
        Folder.WriteModel($"{Library}/{LongName}/{LongName}/{LongName}/deep.onnx");
        Folder.WriteModel("shared/linked.onnx");
        Folder.WriteModel("shared/target.onnx");
        File.CreateSymbolicLink(Folder[$"{Library}/Models/symlink.onnx"], Folder["shared/target.onnx"]);
        Folder.WriteProject(
            $"{Library}/Lib.csproj",
            """
            <RootNamespace>Lib</RootNamespace>
            <ModelBuildAccess>public</ModelBuildAccess>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <AnalysisLevel>latest-all</AnalysisLevel>
            <AnalysisMode>All</AnalysisMode>
            <EnforceCodeStyleInBuild>true</EnforceCodeStyleInBuild>
            <GenerateDocumentationFile>true</GenerateDocumentationFile>
            <IsTrimmable>true</IsTrimmable>
            """,
            """
            <None Include="../../shared/linked.onnx" Link="linked.onnx" />
            <Content Include="Models/content.onnx" />
            <OnnxModel Include="Models/twice.onnx" Compression="int8-weights" />
            <OnnxModel Include="Models/twice.onnx" Compression="none" ClassName="Original" />
            <OnnxModel Update="Models/embedded.pl.onnx" Deploy="embed" />
            <OnnxModel Update="Models/nowhere.onnx" Deploy="none" />
            <OnnxModel Update="y/same.onnx" ClassName="OtherSame" Namespace="Lib.Other" />
            <OnnxModel Remove="left/alone.onnx" />
            """
        );
        Folder.WriteProject("App/App.csproj", "<OutputType>Exe</OutputType>", $"""<ProjectReference Include="../{Library}/Lib.csproj" />""");
        Folder.Write(
            "App/Program.cs",
            """
            var models = typeof(Lib.Original).Assembly.GetExportedTypes().Where(type => type.GetMethod("Run", [typeof(ReadOnlySpan<float>)]) is not null);
            foreach (var type in models.OrderBy(type => type.Name, StringComparer.Ordinal))
            {
                try
                {
                    using var model = (IDisposable)Activator.CreateInstance(type)!;
                    Console.WriteLine($"{type.Name} loads");
                }
                catch (System.Reflection.TargetInvocationException exception)
                {
                    Console.WriteLine($"{type.Name} {exception.InnerException!.GetType().Name}");
                }
            }
            """
        );

        First = await Folder.BuildAsync("build", "App");
        Output = Folder.Files("App/bin/Debug/net10.0");
        Printed = await Folder.RunAsync("App/bin/Debug/net10.0/App.dll");
        Again = await Folder.BuildAsync("build", "App", "--no-restore");
        Models = await ItemsAsync();
        WithoutDefaultModels = await ItemsAsync("-p:EnableDefaultOnnxModelItems=false");
        WithoutDefaultItems = await ItemsAsync("-p:EnableDefaultItems=false");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<IReadOnlyList<string>> ItemsAsync(params string[] options)
    {
        var (exitCode, output) = await Dotnet.RunAsync(Machine.Dotnet, ["msbuild", "-getItem:OnnxModel", "-nodeReuse:false", .. options], Folder[Library]);
        Assert.True(exitCode == 0, output);
        return
        [
            .. JsonDocument
                .Parse(output)
                .RootElement.GetProperty("Items")
                .GetProperty("OnnxModel")
                .EnumerateArray()
                .Select(item => item.GetProperty("Identity").GetString()!),
        ];
    }
}
