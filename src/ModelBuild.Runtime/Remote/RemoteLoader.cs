using System.Net;

namespace ModelBuild.Runtime.Remote;

/// <summary>Opens a model on a server and verifies that it has the signature that the class was generated for.</summary>
internal static class RemoteLoader
{
    private const int MaxMetadataBytes = 1024 * 1024;

    /// <summary>Opens a model on a server.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="ModelLoadException">The server cannot be reached or has no such model, or the inputs and outputs differ from the contract.</exception>
    public static RemoteEngine Load(ModelContract contract, RemoteModel remote)
    {
        if (contract.Inputs.FirstOrDefault(input => input.Kind != "tensor" || InferenceType.Of(input.Type) is null) is { } other)
            throw new ModelLoadException(
                $"{contract.Name} cannot run on a server, because input '{other.Name}' is {other}, and the protocol has only tensors."
            );
        if (contract.Outputs.FirstOrDefault(output => output.IsTyped && output.Kind != "tensor") is { } result)
            throw new ModelLoadException(
                $"{contract.Name} cannot run on a server, because output '{result.Name}' is {result}, and the protocol has only tensors."
            );
        var server = new RemoteServer(contract, remote);
        // The load is synchronous as for a file. It runs on a thread of the thread pool, so that it does not need the synchronization context of the caller.
        return Task.Run(() => LoadAsync(contract, server)).GetAwaiter().GetResult();
    }

    private static async Task<RemoteEngine> LoadAsync(ModelContract contract, RemoteServer server)
    {
        try
        {
            var metadata = RemoteMetadata.Read(await GetAsync(server, server.ModelAddress).ConfigureAwait(false));
            var differences = metadata.Differences(contract);
            if (differences.Count > 0)
                throw new ModelSignatureException(contract, $"The model at '{server.ModelAddress}'", differences);
            return new RemoteEngine(server, await HasBinaryTensorsAsync(server).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is RemoteModelException or FormatException)
        {
            throw new ModelLoadException($"{contract.Name} cannot run at '{server.ModelAddress}': {exception.Message}", exception);
        }
    }

    private static async Task<bool> HasBinaryTensorsAsync(RemoteServer server)
    {
        try
        {
            return RemoteMetadata.HasBinaryTensors(await GetAsync(server, server.ServerAddress).ConfigureAwait(false));
        }
        catch (RemoteModelException exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            // If the server does not return metadata of its own, tensors are not sent in binary form. Some gateways forward only the addresses of models.
            return false;
        }
    }

    private static async Task<byte[]> GetAsync(RemoteServer server, string address)
    {
        var body = new ReceivedBody(MaxMetadataBytes);
        await server
            .SendAsync(
                () => new HttpRequestMessage(HttpMethod.Get, address),
                (response, token) => body.ReadAsync(response.Content, token),
                CancellationToken.None
            )
            .ConfigureAwait(false);
        return body.Bytes.ToArray();
    }
}
