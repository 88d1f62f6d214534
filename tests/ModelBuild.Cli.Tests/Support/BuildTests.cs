using System.Text.Json;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Cli.Tests.Support;

/// <summary>A project folder on which tests run the two hidden commands that the build starts.</summary>
public abstract class BuildTests : IDisposable
{
    /// <summary>The project folder.</summary>
    protected TemporaryFolder Folder { get; } = new();

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A model of one matrix product, 16 kB of weights.</summary>
    private protected static Net Product() => new Net().Input("x", -1, 64).Weight("w", 64, 64).Node("MatMul", "x w", "y").Output("y", DataType.Float, -1, 64);

    private protected ModelBuildProgram Program() => new(Folder);

    /// <summary>The path of a file in the folder that the build gives to the program.</summary>
    protected string Obj(string name) => Folder.File($"obj/{name}");

    /// <summary>The files that the program read for a model, without those that it looked for and did not find.</summary>
    protected string[] FilesRead(string id) => [.. File.ReadAllLines(Obj($"{id}.inputs.txt")).Where(File.Exists)];

    /// <summary>The lines of an output.</summary>
    protected static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A JSON element on one line.</summary>
    protected static string Compact(JsonElement element) => JsonSerializer.Serialize(element);

    /// <summary>Writes a request for <c>Models/digits.onnx</c> with some values changed, and returns its path.</summary>
    protected string Request(string id, params (string Key, object Value)[] changes) => BuildRequestFile.Write(Folder, id, changes);
}
