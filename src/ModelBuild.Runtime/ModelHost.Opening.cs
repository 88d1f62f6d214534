using ModelBuild.Runtime.Engines;
using ModelBuild.Runtime.Sources;

namespace ModelBuild.Runtime;

/// <content>Contains the methods that open a model.</content>
public sealed partial class ModelHost
{
    /// <summary>Loads the model from the place where the project deploys it, or from the path in the options.</summary>
    /// <param name="contract">The contract of the generated class.</param>
    /// <param name="options">The options; null to use those of the project.</param>
    /// <returns>The host of the model.</returns>
    /// <exception cref="FileNotFoundException">The model file does not exist.</exception>
    /// <exception cref="ModelLoadException">The model cannot be loaded, or its inputs and outputs differ from the contract.</exception>
    public static ModelHost Open(ModelContract contract, ModelOptions? options)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return new ModelHost(contract, options, host => host.Load(ModelSource.Deployed(contract, options?.Path)));
    }

    /// <summary>Loads the model from a file.</summary>
    /// <param name="contract">The contract of the generated class.</param>
    /// <param name="path">The path of the file, absolute or relative to the current directory.</param>
    /// <param name="options">The options; null to use those of the project.</param>
    /// <returns>The host of the model.</returns>
    /// <exception cref="FileNotFoundException">The model file does not exist.</exception>
    /// <exception cref="ModelLoadException">The model cannot be loaded, or its inputs and outputs differ from the contract.</exception>
    public static ModelHost OpenFile(ModelContract contract, string path, ModelOptions? options)
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = Path.GetFullPath(path);
        return new ModelHost(contract, options, host => host.Load(ModelSource.File(contract, full)));
    }

    /// <summary>Loads the model from memory.</summary>
    /// <param name="contract">The contract of the generated class.</param>
    /// <param name="model">The bytes of an ONNX file.</param>
    /// <param name="options">The options; null to use those of the project.</param>
    /// <returns>The host of the model.</returns>
    /// <exception cref="ModelLoadException">The model cannot be loaded, or its inputs and outputs differ from the contract.</exception>
    public static ModelHost OpenBytes(ModelContract contract, byte[] model, ModelOptions? options)
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(model);
        return new ModelHost(contract, options, host => host.Load(ModelSource.Memory(model)));
    }

    /// <summary>Creates a fake model whose outputs a delegate computes, for tests of code that uses the generated class.</summary>
    /// <param name="contract">The contract of the generated class.</param>
    /// <param name="answer">The delegate. It reads the inputs of a call and sets the outputs.</param>
    /// <returns>The host of the fake model.</returns>
    public static ModelHost Fake(ModelContract contract, Action<FakeCall> answer)
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(answer);
        return new ModelHost(contract, null, host => new FakeEngine(host.Shapes, answer));
    }
}
