using ModelBuild.Integration.Tests.Building;

namespace ModelBuild.Integration.Tests.Lives;

/// <summary>The package for hosts, as a project outside of the repository has it.</summary>
public sealed class HostingTests(PackedFeed feed)
{
    [Fact]
    public async Task One_reference_brings_build_class_and_services()
    {
        var folder = feed.NewWorkspace("hosting");
        folder.WriteModel("App/Models/digits.onnx");
        folder.Write(
            "App/Program.cs",
            """
            using Microsoft.Extensions.DependencyInjection;
            using Microsoft.Extensions.Hosting;

            var builder = Host.CreateEmptyApplicationBuilder(null);
            builder.Services.AddModel<App.DigitsModel>().AddBatcher((model, options) => model.OpenBatcher(options)).AddHealthCheck();
            using var host = builder.Build();
            await host.StartAsync();
            using var result = await host.Services.GetRequiredService<App.DigitsModel.Batcher>().RunAsync(new float[128]);
            Console.WriteLine($"rows {result.Scores.Rows}");
            await host.StopAsync();
            """
        );
        folder.Write(
            "App/App.csproj",
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="ModelBuild.Hosting" Version="{folder.Version}" />
                <PackageReference Include="Microsoft.Extensions.Hosting" Version="10.0.15" />
              </ItemGroup>
            </Project>
            """
        );
        var result = await folder.BuildAsync("build", "App", "-o", folder["out"]);
        Assert.Empty(result.Codes);
        Assert.Equal("rows 2", (await folder.RunAsync(OperatingSystem.IsWindows() ? "out/App.exe" : "out/App")).Trim());
    }
}
