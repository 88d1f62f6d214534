using ModelBuild.Benchmarks.Models;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Benchmarks.Compression;

/// <summary>
/// The results of recipes for one of the models with real data. They are fitted to the calibration images and measured on the test images. Each result is
/// computed once.
/// </summary>
internal sealed class LitenetRecipes : IDisposable
{
    private readonly CorpusModel _model;
    private readonly ReferenceRun _reference;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("modelbuild-benchmark-");
    private readonly Dictionary<(string Recipe, bool WithData), Measured> _results = [];

    public LitenetRecipes(CorpusModel model) => (_model, _reference) = (model, Measured.Reference(model).Run!);

    /// <summary>Returns the result of a recipe.</summary>
    /// <param name="recipe">The steps.</param>
    /// <param name="withData">Whether the steps use the calibration images.</param>
    public Measured Of(string recipe, bool withData = true)
    {
        if (!_results.TryGetValue((recipe, withData), out var result))
            result = _results[(recipe, withData)] = Measured.Of(
                _model,
                recipe,
                withData ? _model.Calibration : [],
                _reference,
                Path.Combine(_folder.FullName, $"{_results.Count}.onnx")
            );
        return result;
    }

    /// <summary>Returns the time of one image as a share of the original's, for all recipes with a result.</summary>
    public IReadOnlyDictionary<string, double> Times(IEnumerable<string> recipes)
    {
        string[] successful = [.. recipes.Distinct().Where(recipe => Of(recipe).Path is not null)];
        var times = Speed.Measure(Measured.One(_model), [_model.FullPath, .. successful.Select(recipe => Of(recipe).Path!)]);
        return successful.Zip(times.Skip(1)).ToDictionary(pair => pair.First, pair => pair.Second.Ratio, StringComparer.Ordinal);
    }

    public void Dispose()
    {
        _reference.Dispose();
        _folder.Delete(recursive: true);
    }
}
