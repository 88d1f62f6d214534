using ModelBuild.Runtime.Engines;
using ModelBuild.Runtime.Loading;
using ModelBuild.Runtime.Remote;
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
        // The test of the type, instead of a test for null, lets the ahead-of-time compiler leave out the client, and with it HTTP and TLS, in applications
        // that never create a RemoteModel.
        if ((object?)options?.RemoteModel is not RemoteModel remote)
            return new ModelHost(contract, options, host => host.Load(ModelSource.Deployed(contract, options?.Path)));
        if (options.Path is not null)
            throw new ArgumentException($"{contract.Name} runs either on a server or from a file. Do not set both RemoteModel and Path.", nameof(options));
        return new ModelHost(contract, options, _ => RemoteLoader.Load(contract, remote));
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
        ThrowIfRemote(options);
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
        ThrowIfRemote(options);
        return new ModelHost(contract, options, host => host.Load(ModelSource.Memory(model)));
    }

    /// <summary>Loads a model that no class was generated for. The names, types and shapes of its contract are those of the file.</summary>
    /// <param name="path">The path of the file, absolute or relative to the current directory.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <returns>The host of the model.</returns>
    /// <exception cref="FileNotFoundException">The model file does not exist.</exception>
    /// <exception cref="ModelLoadException">The model cannot be loaded.</exception>
    public static ModelHost OpenUntyped(string path, ModelOptions? options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = Path.GetFullPath(path);
        return OpenFile(UntypedContract.Read(full, options ?? new ModelOptions()), full, options);
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

    private static void ThrowIfRemote(ModelOptions? options)
    {
        if (options?.RemoteModel is not null)
            throw new ArgumentException(
                "A model that is loaded from a file or from memory does not run on a server. Pass the options to the constructor.",
                nameof(options)
            );
    }
}
