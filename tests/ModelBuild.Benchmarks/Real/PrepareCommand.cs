namespace ModelBuild.Benchmarks.Real;

/// <summary>Writes the models and their real inputs into a folder, for use with the program.</summary>
internal static class PrepareCommand
{
    /// <param name="output">The writer of the file names.</param>
    /// <param name="folder">The folder, which is created if it does not exist.</param>
    /// <param name="names">Parts of the names of the models; empty for all.</param>
    public static void Run(TextWriter output, string folder, IReadOnlyList<string> names)
    {
        Directory.CreateDirectory(folder);
        foreach (var model in RealModels.All.Where(model => names.Count == 0 || names.Any(name => model.Name.Contains(name, StringComparison.Ordinal))))
        {
            if (model.File(folder) is not { } file)
            {
                output.WriteLine($"{model.Name}: neither the corpus nor the package feed has the model.");
                continue;
            }

            var target = Path.Combine(folder, $"{model.Name}.onnx");
            if (Path.GetFullPath(file) != Path.GetFullPath(target))
                File.Copy(file, target, overwrite: true);
            output.WriteLine(target);
            output.WriteLine(model.Save(target, folder, isTest: false));
            output.WriteLine(model.Save(target, folder, isTest: true));
        }
    }
}
