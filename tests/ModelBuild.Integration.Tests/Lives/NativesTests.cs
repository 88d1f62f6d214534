using System.Runtime.InteropServices;
using ModelBuild.Integration.Tests.Building;

namespace ModelBuild.Integration.Tests.Lives;

/// <summary>Which native libraries an application gets, directly and through a library, and what is said where it gets none.</summary>
public sealed class NativesTests(PackedFeed feed)
{
    private const string Windows = "Microsoft.ML.OnnxRuntime.Gpu.Windows";

    // The official packages have such props: an item of the project for each PlatformTarget.
    private const string Props = """
        <Project>
          <ItemGroup Condition="'$(PlatformTarget)' == 'x64' or '$(PlatformTarget)' == 'AnyCPU'">
            <None Include="$(MSBuildThisFileDirectory)../../runtimes/win-x64/native/onnxruntime*.dll"
                  Link="%(Filename)%(Extension)"
                  CopyToOutputDirectory="PreserveNewest"
                  Visible="false" />
          </ItemGroup>
        </Project>
        """;

    private const string Runtimes = $"""
        <PackageReference Include="Microsoft.ML.OnnxRuntime" Version="1.32.0" />
        <PackageReference Include="{Windows}" Version="{FakePackage.Version}" />
        """;

    private const string Application = "<OutputType>Exe</OutputType><UseAppHost>false</UseAppHost><SelfContained>false</SelfContained>";

    [Fact]
    public async Task An_application_for_one_platform_gets_its_libraries_only()
    {
        var folder = feed.NewWorkspace("natives");
        FakePackage.Write(
            feed.Feed,
            Windows,
            ("buildTransitive/netstandard2.0/" + Windows + ".props", Props),
            ("runtimes/win-x64/native/onnxruntime.dll", "for Windows"),
            ("runtimes/win-x64/native/onnxruntime.lib", "to link against"),
            ("runtimes/win-x64/native/onnxruntime_providers_cuda.dll", "for Windows")
        );
        Write(folder, "Lib", Answer("Lib"));
        Write(folder, "Direct", "System.Console.WriteLine(typeof(Direct.DigitsModel));", Application, Runtimes);
        folder.Write("Indirect/Program.cs", "System.Console.WriteLine(Answer.Rows());");
        folder.Write(
            "Indirect/Indirect.csproj",
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><NuGetAudit>false</NuGetAudit>{Application}</PropertyGroup>
              <ItemGroup><ProjectReference Include="../Lib/Lib.csproj" />{Runtimes}</ItemGroup>
            </Project>
            """
        );

        foreach (var name in new[] { "Direct", "Indirect" })
        {
            foreach (
                var (platform, libraries) in new[]
                {
                    ("linux-x64", new[] { "libonnxruntime.so", "libonnxruntime_providers_shared.so" }),
                    ("win-x64", ["onnxruntime.dll", "onnxruntime_providers_cuda.dll", "onnxruntime_providers_shared.dll"]),
                }
            )
            {
                var result = await folder.BuildAsync("publish", name, "-r", platform, "-o", folder[$"published/{name}/{platform}"]);
                Assert.Empty(result.Codes);
                Assert.Equal(libraries, Natives(folder, $"published/{name}/{platform}"));
                Assert.Equal(libraries, Natives(folder, $"{name}/bin/Release/net10.0/{platform}"));
            }

            await folder.BuildAsync("build", name, "-r", "linux-x64", "-p:ModelBuildTrimNativeAssets=false");
            Assert.Contains("onnxruntime_providers_cuda.dll", Natives(folder, $"{name}/bin/Debug/net10.0/linux-x64"));

            var without = await folder.BuildAsync("build", name, "-r", "win-x86");
            Assert.Equal(["MB1042"], without.Codes);
            Assert.Contains("linux-arm64, linux-x64, osx-arm64", without.Warnings[0].Message, StringComparison.Ordinal);
        }

        if (OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64)
            Assert.Equal("1", await folder.RunAsync("published/Indirect/linux-x64/Indirect.dll"));
    }

    [Fact]
    public async Task A_library_that_hides_the_runtime_is_warned_until_it_says_that_it_knows()
    {
        var folder = feed.NewWorkspace("hidden");
        Write(folder, "Lib", Answer("Lib"), items: """<PackageReference Update="ModelBuild" PrivateAssets="all" />""");
        Assert.Equal(["MB1041"], (await folder.BuildAsync("build", "Lib")).Codes);
        Assert.Empty((await folder.BuildAsync("build", "Lib", "--no-restore", "-p:NoWarn=MB1041")).Codes);
        Assert.Empty((await folder.BuildAsync("build", "Lib", "--no-restore", "-p:EnableDynamicLoading=true")).Codes);
    }

    [Fact]
    public async Task A_plug_in_finds_its_model_beside_it()
    {
        var folder = feed.NewWorkspace("plugin");
        Write(folder, "Plug", Answer("Plug"), "<EnableDynamicLoading>true</EnableDynamicLoading>");
        folder.Write(
            "Host/Host.csproj",
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework></PropertyGroup>
            </Project>
            """
        );
        folder.Write(
            "Host/Program.cs",
            """
            using System;
            using System.Reflection;
            using System.Runtime.Loader;
            Console.WriteLine(new PlugIn(args[0]).LoadFromAssemblyPath(args[0]).GetType("Answer").GetMethod("Rows").Invoke(null, null));
            sealed class PlugIn(string path) : AssemblyLoadContext
            {
                private readonly AssemblyDependencyResolver _resolver = new(path);
                protected override Assembly Load(AssemblyName name) => _resolver.ResolveAssemblyToPath(name) is { } file ? LoadFromAssemblyPath(file) : null;
                protected override nint LoadUnmanagedDll(string name) =>
                    _resolver.ResolveUnmanagedDllToPath(name) is { } file ? LoadUnmanagedDllFromPath(file) : 0;
            }
            """
        );
        await folder.BuildAsync("build", "Plug");
        await folder.BuildAsync("build", "Host");
        Assert.Equal("1", await folder.RunAsync("Host/bin/Debug/net10.0/Host.dll", folder["Plug/bin/Debug/net10.0/Plug.dll"]));
    }

    private static string Answer(string project) =>
        $$"""
            public static class Answer
            {
                public static int Rows()
                {
                    using var model = new {{project}}.DigitsModel();
                    return model.Run(new float[64]).Scores.Rows;
                }
            }
            """;

    private static IEnumerable<string> Natives(Workspace folder, string output) =>
        folder.Files(output).Where(file => Path.GetFileName(file).Contains("onnxruntime", StringComparison.Ordinal)).Select(file => Path.GetFileName(file));

    private static void Write(Workspace folder, string name, string code, string properties = "", string items = "")
    {
        folder.WriteModel(name + "/digits.onnx");
        folder.Write(name + "/Code.cs", code);
        folder.WriteProject($"{name}/{name}.csproj", properties, items);
    }
}
