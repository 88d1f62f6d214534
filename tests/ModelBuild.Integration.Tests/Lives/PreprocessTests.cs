using System.Globalization;
using System.Text.RegularExpressions;
using ModelBuild.Integration.Tests.Building;
using ModelBuild.Testing;

namespace ModelBuild.Integration.Tests.Lives;

/// <summary>A detector that prepares photographs itself finds the boxes that its class finds with the preparation outside of the model.</summary>
public sealed partial class PreprocessTests(PackedFeed feed)
{
    [Fact]
    public async Task Boxes_are_the_same_with_the_preparation_inside_the_model()
    {
        var model = Corpus.Path("models/ultraface_rfb320.onnx");
        var folder = feed.NewWorkspace("preprocess");
        const string Described =
            """Image="rgb resize(320,240) mean(127) std(128)" Boxes="boxes=boxes scores=scores threshold(0.7) nms(0.3)" Compression="none" """;
        folder.WriteProject(
            "App/App.csproj",
            "<OutputType>Exe</OutputType>",
            $"""
            <PackageReference Include="ModelBuild.Imaging" Version="{folder.Version}" />
            <OnnxModel Include="{model}" ClassName="OutsideModel" {Described} />
            <OnnxModel Include="{model}" ClassName="InsideModel" {Described} Preprocess="graph" />
            """
        );
        folder.Write(
            "App/Program.cs",
            """
            using System.Globalization;
            using ModelBuild.Imaging;

            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            using var outside = new OutsideModel();
            using var inside = new InsideModel();
            foreach (var path in args)
            {
                using var photo = Picture.Load(path);
                foreach (var faces in new[] { outside.Detect(photo), inside.Detect(photo) })
                    Console.WriteLine(string.Join(" ", faces.Select(one => $"{one.Score} {one.Box.Left} {one.Box.Top} {one.Box.Right} {one.Box.Bottom}")));
            }
            """
        );

        var build = await folder.BuildAsync("build", "App");
        string[] photos = [Corpus.Path("data/sample_images/satya.jpg"), Corpus.Path("data/sample_images/kimono.jpg")];
        var lines = (await folder.RunAsync("App/bin/Debug/net10.0/App.dll", photos)).ReplaceLineEndings("\n").Split('\n');

        Assert.Empty(build.Codes);
        Assert.Equal(2 * photos.Length, lines.Length);
        for (var i = 0; i < photos.Length; i++)
        {
            var (expected, actual) = (Numbers(lines[2 * i]), Numbers(lines[(2 * i) + 1]));
            Assert.NotEmpty(expected);
            // Prepared values differ by 1 in 255 at most, which moves a box by less than a pixel of the photograph.
            Assert.Equal(expected, actual, (one, other) => Math.Abs(one - other) < 1);
        }
    }

    private static double[] Numbers(string line) => [.. Number().Matches(line).Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"-?[0-9.]+(E-?[0-9]+)?")]
    private static partial Regex Number();
}
