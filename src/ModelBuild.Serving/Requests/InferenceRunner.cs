using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime;
using ModelBuild.Serving.Limits;
using ModelBuild.Serving.Models;

namespace ModelBuild.Serving.Requests;

/// <summary>Checks the inputs and outputs of a request, and runs the model.</summary>
internal static class InferenceRunner
{
    /// <summary>Runs the model on the inputs of a request.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputs">The inputs in the order of the request.</param>
    /// <param name="outputs">The requested outputs; an empty list for all.</param>
    /// <param name="isBinary">Whether outputs are binary if the request does not specify their form.</param>
    /// <param name="cancellationToken">A token that is cancelled when the caller closes the connection.</param>
    /// <exception cref="ServingException">The request does not match the model, or the model fails.</exception>
    public static async Task<InferenceRun> RunAsync(
        ServedModel model,
        IReadOnlyList<InferenceInput> inputs,
        IReadOnlyList<InferenceTensor> outputs,
        bool isBinary,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var wanted = Outputs(model.Contract, outputs, isBinary);
            return new InferenceRun(model, wanted, await RunAsync(model, inputs, cancellationToken).ConfigureAwait(false));
        }
        catch (OnnxRuntimeException exception)
        {
            throw new ServingException(StatusCodes.Status500InternalServerError, $"The model cannot run on these inputs: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is FormatException or JsonException or ArgumentException)
        {
            throw ServingException.BadRequest(exception.Message, exception);
        }
        catch (RemoteModelException exception)
        {
            var message = $"The server of the model '{model.Name}' did not run it: {exception.Message}";
            throw exception.StatusCode == HttpStatusCode.ServiceUnavailable
                ? ServingException.Busy(message)
                : new ServingException(StatusCodes.Status502BadGateway, message, exception);
        }
        catch (Exception exception) when (ServedModel.IsUnusable(exception))
        {
            throw ServingException.Busy($"The model '{model.Name}' cannot be used: {exception.Message}");
        }
    }

    private static async Task<ModelResult> RunAsync(ServedModel model, IReadOnlyList<InferenceInput> inputs, CancellationToken cancellationToken)
    {
        var places = Places(model.Contract, inputs);
        var call = model.Rent();
        try
        {
            for (var i = 0; i < inputs.Count; i++)
                Write(call, places[i], inputs[i]);
            call.CheckShapes();
        }
        catch
        {
            call.Abandon();
            throw;
        }

        return await model.RunAsync(call, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Checks the names, types and sizes of the inputs, and returns the index of each input in the contract.</summary>
    private static int[] Places(ModelContract contract, IReadOnlyList<InferenceInput> inputs)
    {
        var places = new int[inputs.Count];
        var empty = new EmptyInputs();
        for (var i = 0; i < places.Length; i++)
        {
            var (tensor, binary) = (inputs[i].Tensor, inputs[i].Binary);
            var place = Enumerable.Range(0, contract.Inputs.Count).FirstOrDefault(index => contract.Inputs[index].Name == tensor.Name, -1);
            if (place < 0)
                throw new FormatException($"The model has no input '{Short(tensor.Name)}'. It has {Names(contract.Inputs)}.");
            if (Array.IndexOf(places, place, 0, i) >= 0)
                throw new FormatException($"Input '{tensor.Name}' is given twice.");
            var dataType = InferenceType.Of(contract.Inputs[place].Type);
            if (tensor.DataType != dataType)
                throw new FormatException($"Input '{tensor.Name}' has the data type {dataType}. '{Short(tensor.DataType ?? "")}' was given.");
            if (tensor.Shape is null)
                throw new FormatException($"Input '{tensor.Name}' has no shape.");
            tensor.CheckSize(binary.Span);
            empty.Add(contract.Inputs[place], tensor);
            places[i] = place;
        }

        if (contract.Inputs.FirstOrDefault(input => !inputs.Any(given => given.Tensor.Name == input.Name)) is { } missing)
            throw new FormatException($"Input '{missing.Name}', {missing}, is missing.");
        return places;
    }

    private static void Write(ModelCall call, int place, InferenceInput input)
    {
        var tensor = input.Tensor;
        try
        {
            if (tensor.DataType == InferenceType.Bytes)
                tensor.Read(input.Json.Span, input.Binary.Span, call.WriteStrings(place, tensor.Shape));
            else
                tensor.Read(input.Json.Span, input.Binary.Span, call.WriteBytes(place, tensor.Shape));
        }
        catch (FormatException exception)
        {
            throw new FormatException($"Input '{tensor.Name}': {exception.Message}.", exception);
        }
    }

    private static List<InferenceOutput> Outputs(ModelContract contract, IReadOnlyList<InferenceTensor> requested, bool isBinary)
    {
        ServedTensor[] offered = [.. ServedTensor.Of(contract.Outputs)];
        if (requested.Count == 0)
            return [.. offered.Select(output => new InferenceOutput(output, isBinary))];
        var outputs = new List<InferenceOutput>();
        foreach (var tensor in requested)
        {
            var output =
                Array.Find(offered, output => output.Name == tensor.Name)
                ?? throw new FormatException(
                    $"The model has no output '{Short(tensor.Name)}'. It has {string.Join(", ", offered.Select(output => $"'{output.Name}'"))}."
                );
            if (outputs.Exists(other => other.Tensor == output))
                throw new FormatException($"Output '{tensor.Name}' is requested twice.");
            outputs.Add(new InferenceOutput(output, tensor.IsBinary ?? isBinary));
        }

        return outputs;
    }

    private static string Names(IReadOnlyList<TensorContract> tensors) => string.Join(", ", tensors.Select(tensor => $"'{tensor.Name}'"));

    // Returns at most the first 100 characters of a text from a request, so that an error message stays short.
    private static string Short(string text) => text.Length <= 100 ? text : text[..100] + "…";
}
