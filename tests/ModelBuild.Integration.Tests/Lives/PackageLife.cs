using System.IO.Compression;
using ModelBuild.Integration.Tests.Building;

namespace ModelBuild.Integration.Tests.Lives;

/// <summary>A library for two target frameworks is packed; an application uses the package through another library that does not know of models.</summary>
public sealed class PackageLife(PackedFeed feed) : IAsyncLifetime
{
    public Workspace Folder { get; } = feed.NewWorkspace("package");

    public BuildResult Packed { get; private set; } = null!;

    public IReadOnlyList<string> Entries { get; private set; } = [];

    public BuildResult PackedAgain { get; private set; } = null!;

    public BuildResult PackedWithOwnTargets { get; private set; } = null!;

    public BuildResult PackedWithDifference { get; private set; } = null!;

    public BuildResult Published { get; private set; } = null!;

    public IReadOnlyList<string> Output { get; private set; } = [];

    public string Printed { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var id = "Lib.With.Models";
        Folder.WriteModel("Lib/digits.onnx");
        Folder.WriteModel("Lib/only10.onnx", seed: 5);
        Folder.Write(
            "Lib/Answer.cs",
            "namespace Lib; public static class Answer { public static int Rows() { using var model = new DigitsModel(); return model.Run(new "
                + "float[192]).Scores.Rows; } }"
        );
        Folder.Write("Lib/own/" + id + ".targets", "<Project />");
        Folder.WriteProject(
            "Lib/Lib.csproj",
            $"""
            <TargetFrameworks>net10.0;net10.0-windows</TargetFrameworks>
            <EnableWindowsTargeting>true</EnableWindowsTargeting>
            <DisableTransitiveFrameworkReferenceDownloads>true</DisableTransitiveFrameworkReferenceDownloads>
            <PackageId>{id}</PackageId>
            <Version>{Folder.Version}</Version>
            <PackageOutputPath>{Folder.Feed}</PackageOutputPath>
            """,
            $"""
            <OnnxModel Remove="only10.onnx" Condition="'$(TargetFramework)' != 'net10.0'" />
            <OnnxModel Update="digits.onnx" Compression="none" Condition="'$(Differs)$(TargetFramework)' == 'truenet10.0-windows'" />
            <None Include="own/{id}.targets" Pack="true" PackagePath="buildTransitive/" Condition="'$(HasOwnTargets)' == 'true'" />
            """
        );

        Packed = await Folder.BuildAsync("pack", "Lib", "-m:2");
        using (var package = ZipFile.OpenRead(Path.Combine(Folder.Feed, $"{id}.{Folder.Version}.nupkg")))
            Entries = [.. package.Entries.Select(entry => entry.FullName)];
        PackedAgain = await Folder.BuildAsync("pack", "Lib", "--no-build");
        PackedWithOwnTargets = await Folder.BuildAsync("pack", "Lib", "--no-build", "-p:HasOwnTargets=true", "-p:PackageOutputPath=" + Folder["own"]);
        PackedWithDifference = await Folder.TryBuildAsync("pack", "Lib", "--no-restore", "-p:Differs=true", "-p:PackageOutputPath=" + Folder["own"]);

        var plain =
            "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net10.0</TargetFramework>{0}<NuGetAudit>false</NuGetAudit></PropertyGroup>"
            + "<ItemGroup>{1}</ItemGroup></Project>";
        Folder.Write("Mid/Mid.csproj", plain.Replace("{0}", "").Replace("{1}", $"""<PackageReference Include="{id}" Version="{Folder.Version}" />"""));
        Folder.Write("Mid/Forward.cs", "namespace Mid; public static class Forward { public static int Rows() => Lib.Answer.Rows(); }");
        Folder.Write(
            "App/App.csproj",
            plain.Replace("{0}", "<OutputType>Exe</OutputType>").Replace("{1}", """<ProjectReference Include="../Mid/Mid.csproj" />""")
        );
        Folder.Write("App/Program.cs", "System.Console.WriteLine(Mid.Forward.Rows());");
        Published = await Folder.BuildAsync("publish", "App", "-o", Folder["published"]);
        Output = Folder.Files("published");
        Printed = await Folder.RunAsync("published/App.dll");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
